package org.deprovisioner.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** Where calls come in from the network: leads them to Entra ID, Graph or the desk, and ends them as they are to end. */
final class SimulatorHandler extends Handler.Abstract {

    private static final int LARGEST_BODY = 4 << 20;

    private final EntraId entra;
    private final Graph graph;
    private final AdminApi desk;
    private final Traffic traffic;
    private final CallLog log;

    SimulatorHandler(EntraId entra, Graph graph, AdminApi desk, Traffic traffic, CallLog log) {
        this.entra = entra;
        this.graph = graph;
        this.desk = desk;
        this.traffic = traffic;
        this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Instant at = Instant.now();
        Content.Source.asByteArrayAsync(
                request,
                LARGEST_BODY,
                Promise.Invocable.from(
                        getInvocationType(),
                        body -> serve(at, new String(body, UTF_8), request, response, callback),
                        failure -> Response.writeError(request, response, callback, 413)));
        return true;
    }

    private void serve(Instant at, String body, Request request, Response response, Callback callback) {
        try {
            String path = request.getHttpURI().getPath();
            if (path.equals("/admin/calls") && request.getMethod().equals("GET")) {
                log.flush();
                response.getHeaders().put("Content-Type", "application/x-ndjson");
                Content.copy(Content.Source.from(log.file()), response, callback);
                return;
            }
            Incoming call = Incoming.whole(
                    at, request.getMethod(), path, request.getHttpURI().getQuery(), headers(request), body);
            SimulatorAnswer answer = path.startsWith("/admin/") ? desk.answer(call) : traffic.pass(call, this::answer);
            if (answer.delay().isZero()) {
                end(answer, request, response, callback);
            } else {
                request.getComponents()
                        .getScheduler()
                        .schedule(
                                () -> end(answer, request, response, callback),
                                answer.delay().toMillis(),
                                TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException e) {
            callback.failed(e);
        }
    }

    private SimulatorAnswer answer(Incoming call) {
        if (!EntraId.PATH.matcher(call.path()).matches()) {
            return graph.answer(call);
        }
        try {
            return entra.answer(call);
        } catch (RefusalException refusal) {
            return refusal.answer(call);
        }
    }

    private static Map<String, String> headers(Request request) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (HttpField field : request.getHeaders()) {
            headers.put(field.getName(), String.valueOf(field.getValue()));
        }
        return headers;
    }

    private static void end(SimulatorAnswer answer, Request request, Response response, Callback callback) {
        switch (answer.ending()) {
            case ANSWER -> {
                response.setStatus(answer.status());
                answer.headers().forEach(response.getHeaders()::put);
                response.write(true, ByteBuffer.wrap(answer.body().getBytes(UTF_8)), callback);
            }
            case RESET -> {
                reset(request.getConnectionMetaData().getConnection().getEndPoint());
                callback.failed(new EofException("The connection was reset on demand"));
            }
            case HANG -> request.addFailureListener(callback::failed);
        }
    }

    /** Lets the socket linger for no time, so that closing it sends RST and not FIN. */
    private static void reset(EndPoint endPoint) {
        EndPoint socket = endPoint;
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        try {
            ((SocketChannelEndPoint) socket).getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            socket.close(e);
        }
        socket.close();
    }
}
