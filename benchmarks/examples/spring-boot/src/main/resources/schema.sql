CREATE TABLE line (
    order_id BIGINT NOT NULL,
    price    DECIMAL(10, 2) NOT NULL,
    quantity INT NOT NULL
);
CREATE INDEX line_order ON line (order_id);

CREATE TABLE order_total (
    order_id BIGINT PRIMARY KEY,
    total    DECIMAL(12, 2) NOT NULL
);
