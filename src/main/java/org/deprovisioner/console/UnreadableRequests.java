package org.deprovisioner.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.deprovisioner.console.Router.Door;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what the server refuses before it is asked of a page: a line, a header or an address that HTTP does not know. */
final class UnreadableRequests extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback)
            throws IOException {
        String accepted = String.valueOf(request.getHeaders().get(HttpHeader.ACCEPT));
        WebResponse answer = Refusals.answer(
                new RefusedException(status, sentence(status)),
                accepted.contains("text/html") ? Door.OPEN : Door.BEARER, // the address may not be readable
                String.valueOf(request.getMethod()),
                "");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        answer.content().writeTo(body);
        answer.headers().forEach(response.getHeaders()::put);
        SecurityHeaders.ALWAYS.forEach(response.getHeaders()::put);
        response.write(true, ByteBuffer.wrap(body.toByteArray()), callback);
    }

    private static String sentence(int status) {
        return switch (status) {
            case 414, 431 -> "The address or the headers of this request are longer than is taken.";
            case 500 -> "This went wrong in the program. The service's log says more.";
            default -> "This request does not follow the rules of HTTP.";
        };
    }
}
