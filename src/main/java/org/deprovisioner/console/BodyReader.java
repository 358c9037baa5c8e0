package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deprovisioner.console.Body.Limit;
import org.deprovisioner.console.Body.Upload;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/** Reads bodies as they arrive, without a thread that waits: within the limit of the route, and within its time. */
final class BodyReader {

    static final String PREFIX = ".upload-";
    /** For a file, that may take so many times as long. */
    private static final int FILES_TAKE_LONGER = 20;

    private static final int MOST_PARTS = 32;

    private final Path folder;
    private final Duration longest;

    /**
     * @param folder where files are kept until they are answered
     * @param longest how long a body may take as a whole
     */
    BodyReader(Path folder, Duration longest) {
        this.folder = folder;
        this.longest = longest;
    }

    /**
     * Reads what comes with a request.
     *
     * @param refused is told why when it is too much, too slow, or cannot be read
     */
    void read(Request request, Limit limit, Consumer<Body> whole, Consumer<RefusedException> refused) {
        if (request.getLength() > limit.bytes()) {
            refused.accept(tooMuch(limit));
            return;
        }
        Duration time = limit == Limit.FILE ? longest.multipliedBy(FILES_TAKE_LONGER) : longest;
        Scheduler.Task tooLate = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> request.fail(new TimeoutException("the body took too long")),
                        time.toMillis(),
                        TimeUnit.MILLISECONDS);
        String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        Consumer<Throwable> failed = failure -> {
            tooLate.cancel();
            refused.accept(refusal(failure, limit));
        };
        if (limit == Limit.FILE && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            if (MultiPart.extractBoundary(type) == null) {
                failed.accept(new RefusedException(400, "The Content-Type of this form names no boundary."));
                return;
            }
            MultiPartFormData.onParts(
                    request, request, type, multipart(limit), once(parts -> body(parts), whole, failed, tooLate));
        } else {
            int most = Math.min(limit.bytes(), Limit.DATA.bytes());
            Content.Source.asByteArrayAsync(request, most, once(bytes -> body(bytes, type), whole, failed, tooLate));
        }
    }

    private static <T> Promise.Invocable<T> once(
            Function<T, Body> read, Consumer<Body> whole, Consumer<Throwable> failed, Scheduler.Task tooLate) {
        return Promise.Invocable.from(
                Invocable.InvocationType.BLOCKING,
                content -> {
                    tooLate.cancel();
                    Body body;
                    try {
                        body = read.apply(content);
                    } catch (RuntimeException unreadable) {
                        failed.accept(unreadable);
                        return;
                    }
                    whole.accept(body);
                },
                failed);
    }

    private static Body body(byte[] bytes, String type) {
        return type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")
                ? Body.form(Forms.decoded(new String(bytes, UTF_8)), Map.of())
                : Body.of(bytes);
    }

    private MultiPartConfig multipart(Limit limit) {
        return new MultiPartConfig.Builder()
                .location(folder)
                .maxParts(MOST_PARTS)
                .maxMemoryPartSize(Limit.FORM.bytes())
                .maxPartSize(limit.bytes())
                .maxSize(limit.bytes())
                .build();
    }

    private Body body(MultiPartFormData.Parts parts) {
        Map<String, List<String>> form = new LinkedHashMap<>();
        Map<String, Upload> files = new LinkedHashMap<>();
        try (parts) {
            for (MultiPart.Part part : parts) {
                String field = String.valueOf(part.getName());
                if (part.getFileName() == null) {
                    form.computeIfAbsent(field, name -> new ArrayList<>()).add(part.getContentAsString(UTF_8));
                } else if (!part.getFileName().isEmpty()) {
                    Path file = folder.resolve(PREFIX + Sessions.random());
                    part.writeTo(file);
                    files.put(field, new Upload(part.getFileName(), file));
                }
            }
        } catch (IOException unwritable) {
            remove(Body.form(form, files));
            throw new RefusedException(507, "The file cannot be kept here: " + unwritable.getMessage());
        }
        return Body.form(form, files);
    }

    /** Takes the files of a body away. */
    static void remove(Body body) {
        for (Upload upload : body.files().values()) {
            try {
                Files.deleteIfExists(upload.content());
            } catch (IOException left) {
                // the next start takes it away
            }
        }
    }

    private static RefusedException refusal(Throwable failure, Limit limit) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException told) {
                return told;
            } else if (cause instanceof TimeoutException) {
                return new RefusedException(408, "What you sent did not arrive in time.");
            } else if (cause instanceof IllegalStateException) { // how Jetty says that it is more than it may be
                return tooMuch(limit);
            }
        }
        return new RefusedException(400, "What you sent cannot be read.");
    }

    private static RefusedException tooMuch(Limit limit) {
        return new RefusedException(
                413,
                "This is more than is taken here: " + (limit.bytes() >> 10)
                        + " KB. Drop a larger file into the inbox.");
    }
}
