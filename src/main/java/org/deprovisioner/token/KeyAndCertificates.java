package org.deprovisioner.token;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What a certificate's file holds, in the order of the file. */
record KeyAndCertificates(Optional<PrivateKey> key, List<X509Certificate> certificates) {

    /** @param said how a person tells the keys apart, such as their names */
    static UnusableCertificateException severalKeys(int count, String said) {
        return new UnusableCertificateException(
                "it holds %d private keys%s, and which one is meant cannot be told".formatted(count, said),
                "Export the certificate that the app registration knows alone, with its key, into a file of its own.");
    }
}
