package example;

// README: first-program
import dev.scientist.Experiment;
import dev.scientist.Scientist;

final class FirstExperiment {
    private static final Scientist SCIENTIST = Scientist.builder().build(); // one for each application
    private static final Experiment<Integer> PRICE =
            SCIENTIST.<Integer>experiment("price").build(); // defined once, run from any thread

    static int price(int quantity) {
        return PRICE.run(quantity, FirstExperiment::oldPrice, FirstExperiment::newPrice);
    }

    private static int oldPrice(int quantity) {
        return quantity * 3;
    }

    private static int newPrice(int quantity) {
        return quantity < 1_000 ? quantity * 3 : 0; // wrong for large orders
    }

    public static void main(String[] args) {
        System.out.println(price(2));
        System.out.println(price(1_000)); // prints 3000, and logs that the candidate differs
        SCIENTIST.close(); // when the application stops
    }
}
// README end
