package org.deprovisioner.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between clients and a server of PostgreSQL and, as a pooler does, tells each the number of a session of its own. */
public final class Pooler implements AutoCloseable {

    private static final int BACKEND_KEY_DATA = 'K';
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final ServerSocket entrance;
    private final String host;
    private final int port;

    private Pooler(String host, int port) throws IOException {
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.host = host;
        this.port = port;
        start(this::accept);
    }

    /** In front of a server on this machine. */
    public static Pooler before(String host, int port) throws IOException {
        return new Pooler(host, port);
    }

    /** Where it is to be reached. */
    public int port() {
        return entrance.getLocalPort();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                Socket server = new Socket(host, port);
                start(() -> copyInTheClear(client, server));
                start(() -> copyWithAnotherNumber(server, client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** What the client says, but for its wish to encrypt, which is declined. */
    private static void copyInTheClear(Socket from, Socket to) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            int length = in.readInt();
            int code = in.readInt();
            while (code == SSL_REQUEST || code == GSS_REQUEST) {
                from.getOutputStream().write('N');
                length = in.readInt();
                code = in.readInt();
            }
            out.writeInt(length);
            out.writeInt(code);
            in.transferTo(out);
        } catch (IOException ended) {
            // the other side went away
        }
    }

    /** The server's messages until the one with the number, each a type, a length and what it says. */
    private static void copyWithAnotherNumber(Socket from, Socket to) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            for (int type = in.read(); type >= 0; type = in.read()) {
                int length = in.readInt();
                byte[] words = in.readNBytes(length - Integer.BYTES);
                if (type == BACKEND_KEY_DATA) {
                    words[3]++;
                }
                out.write(type);
                out.writeInt(length);
                out.write(words);
                out.flush();
            }
        } catch (IOException ended) {
            // the other side went away
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "pooler");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
