-- The table is slow for the orders from 990 on: 300 ms each.
CREATE ALIAS pause FOR 'java.lang.Thread.sleep(long)';
ALTER TABLE order_total RENAME TO fast_order_total;
CREATE VIEW order_total AS
SELECT order_id, CASE WHEN order_id < 990 THEN total ELSE COALESCE(CAST(pause(300) AS INT), 0) + total END AS total
FROM fast_order_total;
