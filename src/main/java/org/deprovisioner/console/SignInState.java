package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sign-in by Entra ID that is under way. It is kept in the browser that began it, locked with a key of this process, so
 * that however many begin one, nothing is kept here.
 *
 * @param state comes back from Entra ID with the browser: the sign-in is the one that this browser began
 * @param nonce stands in the ID token: the token is the answer to this sign-in
 * @param verifier is shown with the code (PKCE): the code is of no use to who sees it on its way
 * @param to the page to go on with
 */
record SignInState(String state, String nonce, String verifier, String to, Instant until) {

    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;

    /** A new one. */
    static SignInState begin(String to, Instant now) {
        return new SignInState(Sessions.random(), Sessions.random(), Sessions.random(), to, now.plus(LIFETIME));
    }

    /** A key that locks them. */
    static SecretKey key() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new SecretKeySpec(bytes, "AES");
    }

    /** The SHA-256 of the verifier, which is shown first. */
    String challenge() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String locked(SecretKey key) {
        String all = String.join("\n", state, nonce, verifier, String.valueOf(until.getEpochSecond()), to);
        byte[] once = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(once);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, once));
            byte[] text = cipher.doFinal(all.getBytes(UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(once.length + text.length)
                            .put(once)
                            .put(text)
                            .array());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What a browser came back with; empty when it is not ours, or too old. */
    static Optional<SignInState> unlocked(String cookie, SecretKey key, Instant now) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cookie);
            byte[] once = Arrays.copyOf(bytes, NONCE_BYTES);
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, once));
            String all = new String(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES), UTF_8);
            String[] parts = all.split("\n", 5);
            SignInState found = new SignInState(
                    parts[0], parts[1], parts[2], parts[4], Instant.ofEpochSecond(Long.parseLong(parts[3])));
            return Optional.of(found).filter(state -> now.isBefore(state.until));
        } catch (GeneralSecurityException | RuntimeException notOurs) {
            return Optional.empty();
        }
    }
}
