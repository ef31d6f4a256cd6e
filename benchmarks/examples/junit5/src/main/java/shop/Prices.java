package shop;

import dev.scientist.Experiment;
import dev.scientist.Scientist;

/** The price of a quantity, with the rewrite beside it. */
public final class Prices {

    private final Experiment<Integer> experiment;

    public Prices(Scientist scientist) {
        experiment = scientist.<Integer>experiment("price").build();
    }

    public int price(int quantity) {
        return experiment.run(quantity, Prices::oldPrice, Prices::newPrice);
    }

    static int oldPrice(int quantity) {
        int price = 0;
        for (int i = 0; i < quantity; i++) {
            price += i < 100 ? 3 : 2; // from the hundredth on they are cheaper
        }
        return price;
    }

    static int newPrice(int quantity) {
        return quantity * 3 - Math.max(0, quantity - 100);
    }
}
