package dev.scientist.evidence;

/**
 * Puts HTML together. Markup comes from this package alone; all else goes through {@link #text} or {@link #attribute}.
 * Not thread-safe.
 */
final class Html {

    private final StringBuilder out = new StringBuilder();

    /** Appends markup as it is. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Appends text, escaped. */
    Html text(String text) {
        escape(text);
        return this;
    }

    /** Appends an element that holds nothing but text. */
    Html element(String name, String cssClass, String text) {
        open(name, cssClass);
        escape(text);
        return close(name);
    }

    Html open(String name, String cssClass) {
        out.append('<').append(name);
        if (!cssClass.isEmpty()) {
            out.append(" class=\"").append(cssClass).append('"');
        }
        out.append('>');
        return this;
    }

    Html close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    /** Appends {@code  name="value"}, for a tag that is being written by hand. */
    Html attribute(String name, String value) {
        out.append(' ').append(name).append("=\"");
        escape(value);
        out.append('"');
        return this;
    }

    private void escape(String text) {
        String line = Words.onOneLine(text);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
