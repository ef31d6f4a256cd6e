package shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** What was ordered. An entity without equals, as most are. */
@Entity
public class Line {

    @Id
    private int id;

    private String item;

    protected Line() {}

    public Line(int id, String item) {
        this.id = id;
        this.item = item;
    }

    public String item() {
        return item;
    }
}
