package org.deprovisioner.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MessageHeaders;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.deprovisioner.settings.Settings;

/**
 * The HTTP client for Graph, and for the token endpoint: it says what it is told and nothing more, never repeats a call
 * by itself, never follows a redirect, waits no longer for a call than the timeout, reads a bounded answer, and knows whether a call that failed had left.
 */
public final class GraphHttp implements AutoCloseable {

    static final int LONGEST_BODY = 1 << 20;

    /** Connections beside those of the calls in flight: for tokens. */
    private static final int SPARE = 4;

    /**
     * A connection that was idle for longer is asked whether it still stands, for it may have been closed meanwhile. To ask
     * takes a millisecond, which is nothing at the quota's pace; one that was just used is not asked.
     */
    private static final TimeValue ASKED_AFTER = TimeValue.ofMilliseconds(50);

    private static final Timeout LONGEST_IDLE = Timeout.ofSeconds(30);
    private static final TimeValue LONGEST_LIFE = TimeValue.ofMinutes(10);

    /** A header of our own on an answer, in place of any that it came with: how much of the body was read. */
    static final String EXTENT = "deprovisioner-extent";

    private static final String SENT = "deprovisioner.sent";
    private static final String LEAVES_BY = "deprovisioner.leaves-by";

    private static final String CALL = "client-request-id";

    private final Duration timeout;
    private final int longestBody;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Optional<ForwardProxy> proxy;
    private final RecentCalls calls = new RecentCalls();
    private final PoolingHttpClientConnectionManager connections;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, GraphHttp::daemon);

    /**
     * @param concurrency the most calls in flight at once
     * @throws IllegalArgumentException when the file of certificate authorities cannot be used
     */
    public GraphHttp(Settings.Graph graph, int concurrency) {
        this(graph, concurrency, chain -> {});
    }

    /** The same; the witness is shown the certificates of each server before they are judged. */
    GraphHttp(Settings.Graph graph, int concurrency, Consumer<List<X509Certificate>> witness) {
        this(graph, concurrency, witness, LONGEST_BODY);
    }

    /** The same, which reads so many bytes of an answer. */
    GraphHttp(Settings.Graph graph, int concurrency, Consumer<List<X509Certificate>> witness, int longestBody) {
        this(graph, concurrency, witness, longestBody, Clock.systemUTC(), System::nanoTime);
    }

    /** The same, with the clocks by which a call leaves too late. */
    GraphHttp(
            Settings.Graph graph,
            int concurrency,
            Consumer<List<X509Certificate>> witness,
            Clock clock,
            LongSupplier nanoTime) {
        this(graph, concurrency, witness, LONGEST_BODY, clock, nanoTime);
    }

    private GraphHttp(
            Settings.Graph graph,
            int concurrency,
            Consumer<List<X509Certificate>> witness,
            int longestBody,
            Clock clock,
            LongSupplier nanoTime) {
        this.longestBody = longestBody;
        this.clock = clock;
        this.nanoTime = nanoTime;
        timeout = graph.timeout();
        deadlines.setRemoveOnCancelPolicy(true);
        proxy = graph.proxy().map(ForwardProxy::new);
        connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        Trust.context(graph.caFile(), witness),
                        HostnameVerificationPolicy.BOTH,
                        HttpsSupport.getDefaultHostnameVerifier()))
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setSupportedProtocols(TLS.V_1_2, TLS.V_1_3)
                        .setHandshakeTimeout(Timeout.of(timeout))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(timeout))
                        .setSocketTimeout(Timeout.of(timeout))
                        .setValidateAfterInactivity(ASKED_AFTER)
                        .setIdleTimeout(LONGEST_IDLE)
                        .setTimeToLive(LONGEST_LIFE)
                        .build())
                .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(Timeout.of(timeout)).build())
                .setMaxConnTotal(concurrency + SPARE)
                .setMaxConnPerRoute(concurrency + SPARE)
                .build();
    }

    /** Whom we trust: the JDK's certificate authorities, and those of {@code deprovision.tls.ca-file}. */
    public static SSLContext tls(Settings.Graph graph) {
        return Trust.context(graph.caFile(), chain -> {});
    }

    /** The pool that all calls share. */
    public HttpClientConnectionManager connections() {
        return connections;
    }

    /** Makes a client one of ours; whoever builds it gives it {@link #connections()}. */
    public void configure(HttpClientBuilder client) {
        proxy.ifPresent(client::setRoutePlanner);
        client.setUserAgent(userAgent())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(timeout))
                        .setResponseTimeout(Timeout.of(timeout))
                        .setConnectionKeepAlive(LONGEST_IDLE)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .addRequestInterceptorLast((request, entity, context) -> request.removeHeaders(HttpHeaders.CONNECTION))
                .addExecInterceptorFirst("deadline", this::timed)
                .addExecInterceptorBefore(ChainElement.CONNECT.name(), "never sent", this::connecting)
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "sent", this::sending);
    }

    /** A client of ours for calls that no route makes. */
    public CloseableHttpClient client() {
        HttpClientBuilder client =
                HttpClientBuilder.create().setConnectionManager(connections).setConnectionManagerShared(true);
        configure(client);
        return client.build();
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        connections.close();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "call-deadlines");
        thread.setDaemon(true);
        return thread;
    }

    /** One deadline for all of a call: for a connection, a tunnel, TLS, each header line and each byte of the body. */
    private ClassicHttpResponse timed(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (!(scope.originalRequest instanceof HttpUriRequestBase call)) {
            throw new IllegalArgumentException("a call that cannot be cancelled has no deadline");
        }
        scope.clientContext.removeAttribute(SENT);
        scope.clientContext.removeAttribute(LEAVES_BY);
        Optional.ofNullable(request.getFirstHeader(LeavesBy.HEADER)).ifPresent(until -> {
            scope.clientContext.setAttribute(LEAVES_BY, LeavesBy.of(until.getValue()));
            request.removeHeaders(LeavesBy.HEADER);
        });
        String id = value(request, CALL);
        calls.add(id);
        AtomicBoolean late = new AtomicBoolean();
        Future<?> deadline = deadlines.schedule(
                () -> {
                    late.set(true);
                    call.cancel();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse answer = bounded(chain.proceed(request, scope), scope);
            if (calls.isAnother(value(answer, CALL), id)) {
                scope.execRuntime.discardEndpoint();
                throw new IOException("what came is the answer to another call");
            }
            return answer;
        } catch (IOException | IllegalStateException failure) {
            if (!late.get() || failure instanceof TooLateException) {
                throw failure;
            }
            boolean sent = scope.clientContext.getAttribute(SENT) != null;
            IOException tooLate = new SocketTimeoutException(
                    (sent ? "no answer within " : "no connection within ") + timeout.toMillis() + " ms");
            throw sent ? tooLate : new NeverSentException(tooLate);
        } finally {
            deadline.cancel(false);
        }
    }

    private static String value(MessageHeaders message, String name) {
        Header header = message.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    private ClassicHttpResponse connecting(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        proxy.ifPresent(between -> between.introduce(scope.route, scope.clientContext));
        ClassicHttpResponse answer;
        try {
            answer = chain.proceed(request, scope);
        } catch (TooLateException e) {
            throw e;
        } catch (IOException e) {
            throw scope.clientContext.getAttribute(SENT) == null ? new NeverSentException(e) : e;
        }
        if (scope.clientContext.getAttribute(SENT) == null) {
            answer.close();
            throw new ProxyRefusedException(answer.getCode());
        }
        return answer;
    }

    /** The last step before the request is written: the process may have stood still, and the machine slept, up to here. */
    private ClassicHttpResponse sending(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (scope.clientContext.getAttribute(LEAVES_BY) instanceof LeavesBy until && until.isPast(nanoTime, clock)) {
            throw new TooLateException();
        }
        scope.clientContext.setAttribute(SENT, true);
        return chain.proceed(request, scope);
    }

    private ClassicHttpResponse bounded(ClassicHttpResponse answer, ExecChain.Scope scope) {
        answer.removeHeaders(EXTENT);
        HttpEntity entity = answer.getEntity();
        if (entity != null) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            GraphAnswer.Extent extent = read(entity, body);
            if (extent != GraphAnswer.Extent.WHOLE) {
                scope.execRuntime.discardEndpoint();
            }
            answer.setHeader(EXTENT, extent);
            answer.setEntity(
                    new ByteArrayEntity(body.toByteArray(), ContentType.parseLenient(entity.getContentType())));
            answer.removeHeaders(HttpHeaders.CONTENT_ENCODING); // Never asked for: nobody is to inflate a bomb.
        }
        return answer;
    }

    /**
     * Reads a body as far as it comes before the call's deadline and in bounds. What breaks off after the status came
     * takes nothing from the status.
     */
    private GraphAnswer.Extent read(HttpEntity entity, ByteArrayOutputStream body) {
        byte[] buffer = new byte[8192];
        try {
            InputStream content = entity.getContent();
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                body.write(buffer, 0, Math.min(read, longestBody - body.size()));
                if (body.size() == longestBody) {
                    return GraphAnswer.Extent.TOO_LARGE;
                }
            }
            return GraphAnswer.Extent.WHOLE;
        } catch (IOException e) {
            return GraphAnswer.Extent.BROKEN_OFF;
        }
    }

    private static String userAgent() {
        return "Deprovisioner/" + version();
    }

    /** The version of this program. */
    public static String version() {
        Properties program = new Properties();
        try (InputStream resource = GraphHttp.class.getResourceAsStream("/org/deprovisioner/program.properties")) {
            program.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return program.getProperty("version", "");
    }
}
