package dev.scientist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own whose metrics Prometheus scrapes. It says on a line at which port, and begins once it is told to.
 *
 * @param process the JVM
 * @param output what it prints
 */
record MemberJvm(Process process, BufferedReader output) {

    static MemberJvm start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new MemberJvm(process, process.inputReader());
    }

    /** The rest of its next line, which starts so. */
    String line(String start) throws IOException {
        String line = output.readLine();
        assertThat(line).startsWith(start);
        return line.substring(start.length());
    }

    /** Where it is scraped. To be asked first. */
    String address() throws IOException {
        return "127.0.0.1:" + line("port ");
    }

    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** What the JVM itself does: serves its metrics, and returns the port. */
    static int serve(PrometheusMeterRegistry registry, Runnable scraped) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
            scraped.run();
        });
        server.start();
        return server.getAddress().getPort();
    }
}
