package dev.scientist;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The publishers that every scientist has without being told: see {@link Publisher}. */
final class DiscoveredPublishers {

    private static final Logger LOGGER = LoggerFactory.getLogger(Scientist.class);

    private DiscoveredPublishers() {}

    /** Those given, and after them those found, made anew for each scientist. */
    static List<Publisher> after(List<Publisher> given) {
        List<Publisher> all = new ArrayList<>(given);
        try {
            // not the thread's loader: the same ones are to be found whoever makes the scientist
            ServiceLoader.load(Publisher.class, Scientist.class.getClassLoader())
                    .forEach(all::add);
        } catch (ServiceConfigurationError e) {
            LOGGER.warn("a publisher on the class path cannot be used", e);
        }
        return List.copyOf(all);
    }
}
