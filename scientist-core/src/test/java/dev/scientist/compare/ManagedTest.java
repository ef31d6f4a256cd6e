package dev.scientist.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scientist.BorrowedTest;
import dev.scientist.Difference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.List;
import org.eclipse.persistence.indirection.IndirectContainer;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.BootstrapServiceRegistryBuilder;
import org.hibernate.bytecode.enhance.spi.DefaultEnhancementContext;
import org.hibernate.bytecode.enhance.spi.Enhancer;
import org.hibernate.bytecode.enhance.spi.UnloadedField;
import org.hibernate.bytecode.internal.bytebuddy.BytecodeProviderImpl;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.Test;

/** Entities whose bytecode Hibernate enhanced, and lazy collections of EclipseLink, which is known by name alone. */
class ManagedTest {

    /** Loads the entity as the build plug-in of Hibernate would have changed it. */
    private static final class Enhancing extends ClassLoader {

        private final Enhancer enhancer = new BytecodeProviderImpl().getEnhancer(new DefaultEnhancementContext() {
            @Override
            public boolean isLazyLoadable(UnloadedField field) {
                return true;
            }
        });

        Enhancing() {
            super(ManagedTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(EnhancedNote.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : enhanced(name);
        }

        private Class<?> enhanced(String name) {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = enhancer.enhance(name, file.readAllBytes());
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<String> differences(StructuralComparator<Object> how, Object control, Object candidate) {
        return how.compare(control, candidate).stream()
                .map(Difference::toString)
                .toList();
    }

    @Test
    void anEnhancedEntitysLazyPropertiesAreNotLoadedByComparing() throws Exception {
        ClassLoader enhancing = new Enhancing();
        Class<?> note = enhancing.loadClass(EnhancedNote.class.getName());
        StructuralComparator<Object> byGetters = Comparators.structural().byGetters(note);
        StructuralComparator<Object> byFields = Comparators.structural().byFields(note);
        try (SessionFactory sessions = new Configuration(new BootstrapServiceRegistryBuilder()
                        .applyClassLoader(enhancing)
                        .build())
                .addAnnotatedClass(note)
                .setProperty("hibernate.connection.url", "jdbc:h2:mem:enhanced;DB_CLOSE_DELAY=-1")
                .setProperty("hibernate.hbm2ddl.auto", "create-drop")
                .buildSessionFactory()) {
            sessions.inTransaction(session -> {
                session.persist(filled(note, 1, "a"));
                session.persist(filled(note, 2, "a"));
            });
            try (Session session = sessions.openSession();
                    Session other = sessions.openSession()) {
                Object one = session.find(note, 1L);
                Object same = other.find(note, 1L);
                Object another = other.find(note, 2L);
                assertThat(Hibernate.isPropertyInitialized(one, "body")).isFalse();

                for (StructuralComparator<Object> comparator : List.of(byGetters, byFields)) {
                    assertThat(differences(comparator, one, same)).containsExactly("body: CUT_OFF");
                    assertThat(differences(comparator, one, another))
                            .containsExactlyInAnyOrder("id: VALUE", "body: CUT_OFF");
                    BorrowedTest.during(() -> assertThatIllegalStateException()
                            .isThrownBy(() -> comparator.compare(one, same))
                            .withMessageContaining("take a snapshot"));
                }
                assertThat(Hibernate.isPropertyInitialized(one, "body")).isFalse();

                note.getMethod("getBody").invoke(same);
                assertThat(Hibernate.isPropertyInitialized(same, "body")).isTrue();
                assertThat(differences(byGetters, one, same)).containsExactly("body: CUT_OFF");
                assertThat(differences(byGetters, filled(note, 1, "a"), same)).isEmpty();
                assertThat(differences(byFields, filled(note, 1, "b"), same)).containsExactly("title: VALUE");
            }
        }
    }

    private static Object filled(Class<?> note, long id, String title) {
        try {
            Object filled = note.getConstructor().newInstance();
            note.getMethod("fill", long.class, String.class, String.class).invoke(filled, id, title, "text");
            return filled;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Indirect extends AbstractList<String> implements IndirectContainer {
        private final boolean loaded;

        Indirect(boolean loaded) {
            this.loaded = loaded;
        }

        @Override
        public boolean isInstantiated() {
            return loaded;
        }

        @Override
        public String get(int index) {
            return "a";
        }

        @Override
        public int size() {
            assertThat(loaded).as("was asked for its size").isTrue();
            return 1;
        }
    }

    @Test
    void aCollectionOfEclipseLinkIsNotLoadedByComparing() {
        StructuralComparator<Object> structural = Comparators.structural();

        assertThat(differences(structural, new Indirect(true), List.of("a"))).isEmpty();
        assertThat(differences(structural, List.of("b"), new Indirect(true))).containsExactly("[0]: VALUE");
        assertThat(differences(structural, new Indirect(false), List.of("a")))
                .containsExactly("(whole value): CUT_OFF");
        assertThat(differences(structural, new Indirect(false), new Indirect(false)))
                .containsExactly("(whole value): CUT_OFF");
        BorrowedTest.during(() -> assertThatIllegalStateException()
                .isThrownBy(() -> structural.compare(new Indirect(true), List.of("a")))
                .withMessageContaining("take a snapshot"));
    }
}
