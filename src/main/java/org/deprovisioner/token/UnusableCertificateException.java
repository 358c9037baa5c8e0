package org.deprovisioner.token;

import java.io.IOException;

/** What is wrong with a certificate's file, in words that show nothing of what it holds. */
final class UnusableCertificateException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    UnusableCertificateException(String why, String remedy) {
        super(why);
        this.remedy = remedy;
    }

    /** What a person can do about it. */
    String remedy() {
        return remedy;
    }
}
