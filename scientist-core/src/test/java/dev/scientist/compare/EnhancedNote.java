package dev.scientist.compare;

import jakarta.persistence.Basic;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;

/** An entity whose bytecode a test changes as the build plug-in of Hibernate would. */
@Entity(name = "Note")
public class EnhancedNote {
    @Id
    long id;

    String title;

    @Basic(fetch = FetchType.LAZY)
    String body;

    public long getId() {
        return id;
    }

    public String getTitle() {
        return title;
    }

    public String getBody() {
        return body;
    }

    public void fill(long id, String title, String body) {
        this.id = id;
        this.title = title;
        this.body = body;
    }
}
