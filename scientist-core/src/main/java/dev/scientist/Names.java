package dev.scientist;

/** The rule for names of experiments, behaviors and context keys: they end up in logs, labels and pages. */
final class Names {

    static final int MAX_LENGTH = 200;

    private Names() {}

    /**
     * Checks one name.
     *
     * @param what what the name is of, to begin the error with, such as {@code experiment 'x': candidate name}
     */
    static String check(String what, String name) {
        if (name == null) {
            throw new NullPointerException(what + " must not be null");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException(what + " must not be blank");
        }
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(what + " must have at most " + MAX_LENGTH + " characters, but '"
                    + Rendering.escaped(name.substring(0, 40)) + "…' has " + name.length());
        }
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            if (Rendering.isDisturbing(name.codePointAt(i))) {
                throw new IllegalArgumentException(String.format(
                        "%s must not contain control or invisible characters, but '%s' has U+%04X at index %d",
                        what, Rendering.escaped(name), name.codePointAt(i), i));
            }
        }
        return name;
    }
}
