package org.deprovisioner.doctor;

/**
 * What a check found.
 *
 * @param check what was looked at, in a word
 * @param subject the tenant, host or folder that it is about; empty for the program as a whole
 * @param words what was found, without any secret
 * @param remedy what to do about it; empty where nothing is to be done
 */
public record Remark(String check, String subject, Level level, String words, String remedy) {

    /** How bad it is. */
    public enum Level {
        OK("ok"),
        /** It works, and something should be looked at. */
        WARNING("warning"),
        /** A setting, right or credential is wrong. */
        WRONG("error"),
        /** What is needed cannot be reached. */
        UNREACHABLE("error");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** As it is printed. */
        public String word() {
            return word;
        }
    }

    static Remark ok(String check, String subject, String words) {
        return new Remark(check, subject, Level.OK, words, "");
    }

    static Remark warning(String check, String subject, String words, String remedy) {
        return new Remark(check, subject, Level.WARNING, words, remedy);
    }

    static Remark wrong(String check, String subject, String words, String remedy) {
        return new Remark(check, subject, Level.WRONG, words, remedy);
    }

    static Remark unreachable(String check, String subject, String words, String remedy) {
        return new Remark(check, subject, Level.UNREACHABLE, words, remedy);
    }
}
