package org.deprovisioner.console;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.deprovisioner.console.Body.Limit;
import org.deprovisioner.console.Gate.Admitted;
import org.deprovisioner.console.Router.Door;
import org.deprovisioner.console.Router.Match;
import org.deprovisioner.console.WebRequest.Peer;
import org.deprovisioner.service.TooLongException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests come in from the network. Each is led past the {@link Gate}, its body is read, and a thread of the
 * console's own answers it; what it answers leaves without a thread.
 */
final class ConsoleHandler extends Handler.Abstract.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);

    private final Router router;
    private final Gate gate;
    private final BodyReader bodies;
    private final Path folder;
    private final Executor workers;
    private final Executor healthWorkers;

    ConsoleHandler(Router router, Gate gate, BodyReader bodies, Path folder, Executor workers, Executor healthWorkers) {
        this.router = router;
        this.gate = gate;
        this.bodies = bodies;
        this.folder = folder;
        this.workers = workers;
        this.healthWorkers = healthWorkers;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Visit visit = new Visit(request, response, callback);
        visit.begin();
        return true;
    }

    /** One request on its way. */
    private final class Visit {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final String path;
        private final Peer peer;
        private Door door = Door.OPEN;

        Visit(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            for (HttpField field : request.getHeaders()) {
                headers.putIfAbsent(field.getLowerCaseName(), String.valueOf(field.getValue()));
            }
            path = String.valueOf(request.getHttpURI().getPath());
            peer = gate.peer(
                    headers.getOrDefault("host", ""),
                    Request.getRemoteAddr(request),
                    request.isSecure(),
                    request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress local
                            && local.getAddress().isLoopbackAddress());
        }

        void begin() {
            try {
                if (router.methods(path).isEmpty()) {
                    gate.refuseForeignHost(Door.OPEN, headers.getOrDefault("host", ""));
                    throw new RefusedException(404, "There is no such page.");
                }
                Match match = router.find(request.getMethod(), path)
                        .orElseThrow(() -> new RefusedException(
                                405, "This page takes " + String.join(" and ", router.methods(path)) + " only."));
                door = match.route().door();
                gate.refuseForeignHost(door, headers.getOrDefault("host", ""));
                work(() -> admit(match));
            } catch (RefusedException refused) {
                refuse(refused);
            }
        }

        private void admit(Match match) {
            Admitted admitted = gate.admit(match.route(), headers, peer);
            if (match.route().limit() == Limit.NOTHING) {
                answer(match, admitted, Body.NONE);
                return;
            }
            bodies.read(
                    request, match.route().limit(), body -> work(() -> answer(match, admitted, body)), this::refuse);
        }

        private void answer(Match match, Admitted admitted, Body body) {
            try {
                gate.refuseForgedForm(match.route(), admitted, headers, body);
                WebRequest asked = new WebRequest(
                        request.getMethod(),
                        path,
                        match.named(),
                        Forms.decoded(Optional.ofNullable(request.getHttpURI().getQuery())
                                .orElse("")),
                        headers,
                        peer,
                        body,
                        admitted.person(),
                        admitted.session().map(Sessions.Session::csrf).orElse(""));
                end(match.route().handler().handle(asked));
            } catch (RefusedException refused) {
                throw refused;
            } catch (TooLongException tooLong) {
                throw new RefusedException(400, String.valueOf(tooLong.getMessage()));
            } catch (Exception failed) {
                throw unforeseen(failed);
            } finally {
                BodyReader.remove(body);
            }
        }

        /** Does it in a thread of the console's own, which are few: when too much waits for them, says so at once. */
        private void work(Runnable step) {
            try {
                (door == Door.HEALTH ? healthWorkers : workers).execute(() -> {
                    try {
                        step.run();
                    } catch (RefusedException refused) {
                        refuse(refused);
                    } catch (RuntimeException | Error failed) {
                        refuse(unforeseen(failed));
                    }
                });
            } catch (RejectedExecutionException busy) {
                refuse(new RefusedException(503, "The console is busy. Try again in a moment."));
            }
        }

        private RefusedException unforeseen(@Nullable Throwable failure) {
            String number = Sessions.random().substring(0, 8);
            LOG.error("The console could not answer {} {} ({}).", request.getMethod(), path, number, failure);
            return new RefusedException(
                    500, "This went wrong in the program. The log says more, under " + number + ".");
        }

        private void refuse(RefusedException refused) {
            if (request.getLength() != 0) {
                response.getHeaders().put("Connection", "close"); // a body may still be on its way
            }
            if (refused.status() == 405) { // RFC 9110, 15.5.6
                response.getHeaders().put("Allow", String.join(", ", router.methods(path)));
            }
            end(Refusals.answer(
                    refused,
                    door,
                    request.getMethod(),
                    String.valueOf(request.getHttpURI().getPathQuery())));
        }

        private void end(WebResponse answer) {
            Spool spool = new Spool(folder);
            try {
                answer.content().writeTo(spool);
                Content.Source content = spool.content();
                response.setStatus(answer.status());
                SecurityHeaders.of(peer).forEach(response.getHeaders()::put);
                answer.headers().forEach(response.getHeaders()::put);
                answer.cookies().forEach(cookie -> response.getHeaders().add("Set-Cookie", cookie));
                Content.copy(content, response, Callback.from(callback, spool::remove));
            } catch (IOException | RuntimeException failed) {
                spool.remove();
                LOG.error("The console could not write its answer to {} {}.", request.getMethod(), path, failed);
                Response.writeError(request, response, callback, 500);
            }
        }
    }
}
