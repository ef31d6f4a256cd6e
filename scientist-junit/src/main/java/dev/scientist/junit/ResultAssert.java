package dev.scientist.junit;

import dev.scientist.Result;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what one run found. Not thread-safe. */
public final class ResultAssert extends AbstractAssert<ResultAssert, Result<?>> {

    private ResultAssert(Result<?> actual) {
        super(actual, ResultAssert.class);
    }

    /**
     * Starts assertions on a result.
     *
     * @param actual the result
     * @return the assertions
     */
    public static ResultAssert assertThat(Result<?> actual) {
        return new ResultAssert(actual);
    }

    /**
     * Verifies that every candidate matched.
     *
     * @return this
     */
    public ResultAssert matched() {
        isNotNull();
        if (!actual.matched()) {
            failWithMessage("expected every candidate to match, but was: %s", actual);
        }
        return this;
    }

    /**
     * Verifies that at least one candidate mismatched and no ignore rule held.
     *
     * @return this
     */
    public ResultAssert mismatched() {
        isNotNull();
        if (!actual.mismatched()) {
            failWithMessage("expected a candidate to mismatch, but was: %s", actual);
        }
        return this;
    }
}
