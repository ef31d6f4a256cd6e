INSERT INTO line (order_id, price, quantity)
SELECT MOD(x, 1000), MOD(x * 37, 10000) / 100.0, 1 + MOD(x, 7) FROM SYSTEM_RANGE(0, 2999);

INSERT INTO order_total (order_id, total)
SELECT order_id, SUM(price * quantity) FROM line GROUP BY order_id;
