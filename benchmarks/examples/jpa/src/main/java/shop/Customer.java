package shop;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.util.ArrayList;
import java.util.List;

/** Has its lines loaded when somebody asks for them. */
@Entity
public class Customer {

    @Id
    private int id;

    @OneToMany(cascade = CascadeType.ALL)
    @OrderBy("id")
    private List<Line> lines = new ArrayList<>();

    protected Customer() {}

    public Customer(int id) {
        this.id = id;
    }

    public List<Line> lines() {
        return lines;
    }
}
