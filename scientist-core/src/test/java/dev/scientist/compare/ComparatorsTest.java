package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scientist.Difference;
import dev.scientist.Difference.Kind;
import dev.scientist.ResultComparator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ComparatorsTest {

    record Price(String currency, BigDecimal amount) {}

    @Test
    void equalityLooksIntoArrays() {
        ResultComparator<Object> equality = Comparators.equality();

        assertThat(equality.compare(new int[][] {{1}, {2}}, new int[][] {{1}, {2}}))
                .isEmpty();
        assertThat(equality.compare(new int[] {1}, new int[] {2})).hasSize(1);
        assertThat(equality.compare(0.0, -0.0)).hasSize(1);
        assertThat(equality.compare(Double.NaN, Double.NaN)).isEmpty();
    }

    @Test
    void projectionsHideTheRest() {
        ResultComparator<Price> byCurrency = Comparators.by(Price::currency);

        assertThat(byCurrency.compare(new Price("EUR", BigDecimal.ONE), new Price("EUR", BigDecimal.TEN)))
                .isEmpty();
        assertThat(byCurrency.compare(new Price("EUR", BigDecimal.ONE), new Price("USD", BigDecimal.ONE)))
                .containsExactly(Difference.of("", "EUR", "USD"));
    }

    @Test
    void severalProjectionsMustAllMatch() {
        ResultComparator<Price> both = Comparators.by(Price::currency, Price::amount);

        assertThat(both.compare(new Price("EUR", BigDecimal.ONE), new Price("USD", BigDecimal.TEN)))
                .containsExactly(Difference.of("", "EUR", "USD"), Difference.of("", BigDecimal.ONE, BigDecimal.TEN));
        assertThatIllegalArgumentException().isThrownBy(() -> Comparators.<Price>by());
    }

    @Test
    void comparatorsComposeAndPlaceTheirDifferences() {
        ResultComparator<Price> comparator = Comparators.allOf(
                Comparators.by("currency", Price::currency, Comparators.ignoringCase()),
                Comparators.by("amount", Price::amount, Comparators.tolerance(0.01)));

        assertThat(comparator.compare(
                        new Price("EUR", new BigDecimal("1.00")), new Price("eur", new BigDecimal("1.01"))))
                .isEmpty();
        assertThat(comparator.compare(new Price("EUR", BigDecimal.ONE), new Price("USD", BigDecimal.TEN)))
                .extracting(Difference::path)
                .containsExactly("currency", "amount");
    }

    @Test
    void aProjectionIsNeverHandedNull() {
        ResultComparator<Price> byCurrency = Comparators.by(Price::currency);
        Price price = new Price("EUR", BigDecimal.ONE);

        assertThat(byCurrency.compare(null, null)).isEmpty();
        assertThat(byCurrency.compare(price, null)).containsExactly(Difference.of("", price, null));
        assertThat(byCurrency.compare(null, price)).containsExactly(Difference.of("", null, price));
    }

    @Test
    void numbersMatchByValueWhateverTheirType() {
        ResultComparator<Number> value = Comparators.numericValue();

        assertThat(value.compare(new BigDecimal("1.0"), new BigDecimal("1.00"))).isEmpty();
        assertThat(value.compare(1, 1L)).isEmpty();
        assertThat(value.compare(1, 1.0)).isEmpty();
        assertThat(value.compare(0.1f, 0.1)).isEmpty();
        assertThat(value.compare(new AtomicLong(3), BigInteger.valueOf(3))).isEmpty();
        assertThat(value.compare(Long.MAX_VALUE, (double) Long.MAX_VALUE)).hasSize(1);
        assertThat(value.compare(0.0, -0.0)).isEmpty();
        assertThat(value.compare(1, null)).hasSize(1);
        assertThat(value.compare(null, null)).isEmpty();
    }

    @Test
    void anAbsoluteToleranceIsDecidedInDecimals() {
        ResultComparator<Number> cent = Comparators.tolerance(0.01);

        // 1.01 - 1.00 is 0.010000000000000009 in binary
        assertThat(cent.compare(1.01, 1.00)).isEmpty();
        assertThat(cent.compare(new BigDecimal("1.01"), BigDecimal.ONE)).isEmpty();
        assertThat(cent.compare(100.01f, 100f)).isEmpty();
        assertThat(cent.compare(1e12 + 0.01, 1e12)).isEmpty();
        assertThat(cent.compare(1.0100001, 1.00)).hasSize(1);
        assertThat(cent.compare(new BigDecimal("1.0100000000000000000000001"), BigDecimal.ONE))
                .hasSize(1);
        assertThat(cent.compare(-1.0, 1.0)).hasSize(1);
    }

    @Test
    void aRelativeToleranceIsAShareOfTheLargerSide() {
        ResultComparator<Number> tenPercent = Comparators.relativeTolerance(0.1);

        assertThat(tenPercent.compare(100, 90)).isEmpty();
        assertThat(tenPercent.compare(90, 100)).isEmpty();
        assertThat(tenPercent.compare(-100.0, -90.0)).isEmpty();
        assertThat(tenPercent.compare(100, 89)).hasSize(1);
        assertThat(tenPercent.compare(0, 1e-9)).hasSize(1);
    }

    @Test
    void notANumberAndInfinitiesMatchThemselvesOnly() {
        ResultComparator<Number> wide = Comparators.tolerance(1e300);

        assertThat(wide.compare(Double.NaN, Float.NaN)).isEmpty();
        assertThat(wide.compare(Double.NaN, 1.0)).hasSize(1);
        assertThat(wide.compare(BigDecimal.ONE, Double.NaN)).hasSize(1);
        assertThat(wide.compare(Double.POSITIVE_INFINITY, Float.POSITIVE_INFINITY))
                .isEmpty();
        assertThat(wide.compare(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
                .hasSize(1);
        assertThat(wide.compare(Double.POSITIVE_INFINITY, Double.MAX_VALUE)).hasSize(1);
    }

    @Test
    @Timeout(10)
    void numbersOfVeryDifferentSizeTakeNoTimeWithoutBound() {
        BigDecimal huge = new BigDecimal("1E1000000000");

        assertThat(Comparators.tolerance(1).compare(huge, BigDecimal.ONE)).hasSize(1);
        assertThat(Comparators.relativeTolerance(0.5).compare(huge, new BigDecimal("1E-1000000000")))
                .hasSize(1);
    }

    @Test
    void aToleranceMustBeANumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> Comparators.tolerance(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Comparators.tolerance(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Comparators.relativeTolerance(1 / 0.0));
    }

    @Test
    void textMayDifferInCaseOrWhiteSpace() {
        assertThat(Comparators.ignoringCase().compare("Straße İ", new StringBuilder("STRAßE i")))
                .isEmpty();
        assertThat(Comparators.ignoringCase().compare("a b", "A  B")).hasSize(1);
        assertThat(Comparators.ignoringWhiteSpace().compare(" a\tb\u00a0", "ab\n"))
                .isEmpty();
        assertThat(Comparators.ignoringWhiteSpace().compare("ab", "aB")).hasSize(1);
        assertThat(Comparators.ignoringWhiteSpace().compare("ab", "abc")).hasSize(1);
        assertThat(Comparators.ignoringCaseAndWhiteSpace().compare("A B", "ab")).isEmpty();
        assertThat(Comparators.ignoringCase().compare("\ud801\udc00", "\ud801\udc28"))
                .isEmpty();
        assertThat(Comparators.ignoringCase().compare("a", null)).hasSize(1);
    }

    @Test
    void inAnyOrderSaysWhatIsMissingAndWhatIsExtra() {
        ResultComparator<Collection<? extends String>> anyOrder = Comparators.inAnyOrder();

        assertThat(anyOrder.compare(List.of("a", "b", "a"), Arrays.asList("b", "a", "a")))
                .isEmpty();
        assertThat(anyOrder.compare(List.of("a", "b", "a"), Arrays.asList("b", null, "a")))
                .containsExactly(
                        new Difference("[0]", "a", null, Kind.MISSING), new Difference("[1]", null, null, Kind.EXTRA));
    }

    @Test
    void inAnyOrderTakesAComparatorForTheElements() {
        ResultComparator<Collection<? extends Number>> anyOrder = Comparators.inAnyOrder(Comparators.tolerance(0.1));

        assertThat(anyOrder.compare(List.of(1.0, 2.0), List.of(2.05, 0.95))).isEmpty();
        assertThat(anyOrder.compare(List.of(1.0, 2.0), List.of(2.05, 2.05)))
                .extracting(Difference::toString)
                .containsExactly("[0]: MISSING", "[0]: EXTRA");
    }

    @Test
    void errorsMatchByClassAndMessageOrByClassAlone() {
        Throwable one = new IOException("disk 1");
        Throwable other = new IOException("disk 2");

        assertThat(Comparators.errorsByClass().compare(one, other)).isEmpty();
        assertThat(Comparators.errorsByClass().compare(one, new FileNotFoundException("disk 1")))
                .singleElement()
                .extracting(Difference::kind)
                .isEqualTo(Kind.TYPE);
        assertThat(Comparators.errorsByClassAndMessage().compare(one, other))
                .containsExactly(Difference.of("message", "disk 1", "disk 2"));
        assertThat(Comparators.errorsByClassAndMessage().compare(one, new IOException("disk 1")))
                .isEmpty();
    }

    @Test
    void oneThatThrowsAndOneThatReturnsNeverMatch() {
        Throwable thrown = new IOException();

        assertThat(Comparators.errorsByClass().compare(thrown, null)).hasSize(1);
        assertThat(Comparators.errorsByClass(Map.of(IOException.class, Error.class))
                        .compare(null, thrown))
                .hasSize(1);
    }

    @Test
    void errorsMatchByAMappingOfTheirClasses() {
        ResultComparator<Throwable> mapped = Comparators.errorsByClass(Map.of(
                IOException.class, RuntimeException.class, FileNotFoundException.class, NoSuchElementException.class));

        assertThat(mapped.compare(new FileNotFoundException("x"), new NoSuchElementException("y")))
                .isEmpty();
        assertThat(mapped.compare(new FileNotFoundException("x"), new RuntimeException("x")))
                .hasSize(1);
        // the nearest superclass of the control's, a subclass of the candidate's
        assertThat(mapped.compare(new java.io.EOFException(), new IllegalStateException()))
                .isEmpty();
        assertThat(mapped.compare(new IOException(), new IOException())).hasSize(1);
        assertThat(mapped.compare(new Error("a"), new Error("b"))).isEmpty();
    }

    @Test
    void numbersOfEverySortAreTakenByValue() {
        ResultComparator<Number> half = Comparators.tolerance(0.5);

        for (Number one : List.of(
                (byte) 1,
                (short) 1,
                1,
                1L,
                new AtomicInteger(1),
                new AtomicLong(1),
                BigInteger.ONE,
                BigDecimal.ONE,
                1f,
                1.0)) {
            assertThat(half.compare(one, 1.25)).as("%s", one.getClass()).isEmpty();
            assertThat(half.compare(1.25f, one)).as("%s", one.getClass()).isEmpty();
            assertThat(half.compare(one, 2)).as("%s", one.getClass()).hasSize(1);
            assertThat(half.compare(Double.NaN, one)).as("%s", one.getClass()).hasSize(1);
        }
        assertThat(half.compare(null, 1)).hasSize(1);
        LongAdder ofNoKnownSort = new LongAdder();
        ofNoKnownSort.add(2);
        assertThat(half.compare(ofNoKnownSort, 2)).isEmpty();
        assertThat(half.compare(3, ofNoKnownSort)).hasSize(1);
    }

    @Test
    void textThatOnlyBeginsAlikeDiffers() {
        ResultComparator<CharSequence> comparator = Comparators.ignoringWhiteSpace();

        assertThat(comparator.compare("abc", "ab ")).hasSize(1);
        assertThat(comparator.compare("ab ", "ab")).isEmpty();
        assertThat(comparator.compare(null, "a")).hasSize(1);
        assertThat(comparator.compare(null, null)).isEmpty();
        assertThat(comparator.compare("", " \u3000")).isEmpty();
    }

    @Test
    void theVerySameErrorMatches() {
        IOException error = new IOException();

        assertThat(Comparators.errorsByClassAndMessage().compare(error, error)).isEmpty();
        assertThat(Comparators.errorsByClass().compare(null, null)).isEmpty();
    }

    @Test
    void allOfGathersWhatItsComparatorsFind() {
        ResultComparator<Integer> x = (a, b) -> List.of(Difference.of("x", a, b));
        ResultComparator<Integer> y = (a, b) -> List.of(Difference.of("y", a, b));
        ResultComparator<Integer> nothing = (a, b) -> List.of();

        assertThat(Comparators.allOf(x, nothing, y, nothing).compare(1, 2))
                .extracting(Difference::path)
                .containsExactly("x", "y");
        assertThat(Comparators.<Integer>allOf(nothing, nothing).compare(1, 2)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparators.allOf())
                .withMessage("there must be at least one comparator");
    }
}
