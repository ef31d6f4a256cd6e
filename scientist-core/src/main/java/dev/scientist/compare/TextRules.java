package dev.scientist.compare;

import dev.scientist.Difference;
import dev.scientist.ResultComparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text that may differ in case, white space or both. */
record TextRules(boolean ignoresCase, boolean ignoresWhiteSpace) implements ResultComparator<CharSequence> {

    @Override
    public List<Difference> compare(@Nullable CharSequence control, @Nullable CharSequence candidate) {
        return control == candidate || (control != null && candidate != null && same(control, candidate))
                ? List.of()
                : List.of(Difference.of("", control, candidate));
    }

    private boolean same(CharSequence control, CharSequence candidate) {
        int i = 0;
        int j = 0;
        while (true) {
            i = skip(control, i);
            j = skip(candidate, j);
            if (i == control.length() || j == candidate.length()) {
                return i == control.length() && j == candidate.length();
            }
            int one = Character.codePointAt(control, i);
            int other = Character.codePointAt(candidate, j);
            if (one != other && !(ignoresCase && folded(one) == folded(other))) {
                return false;
            }
            i += Character.charCount(one);
            j += Character.charCount(other);
        }
    }

    /** Both ways, as {@link String#equalsIgnoreCase} does it: some letters meet in one case only. */
    private static int folded(int letter) {
        return Character.toLowerCase(Character.toUpperCase(letter));
    }

    private int skip(CharSequence text, int start) {
        int at = start;
        while (ignoresWhiteSpace
                && at < text.length()
                && (Character.isWhitespace(text.charAt(at)) || Character.isSpaceChar(text.charAt(at)))) {
            at++;
        }
        return at;
    }
}
