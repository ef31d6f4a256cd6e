package dev.scientist.replay;

import java.io.IOException;

/** Says in one line why a value cannot be written or read, and what to do. Has no stack trace: that is all there is to it. */
final class CodecException extends IOException {

    private static final long serialVersionUID = 1;

    CodecException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
