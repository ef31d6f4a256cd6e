package dev.scientist;

import java.io.Serial;

/**
 * What the library itself has to say to the {@link FailureHandler}: what is wrong, and what to do. Its message holds no
 * value of the application's, so that it may be shown everywhere. Immutable.
 */
public class Notice extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes a notice.
     *
     * @param message what is wrong and what to do, without any value that could be private
     */
    public Notice(String message) {
        super(message);
    }
}
