package org.eclipse.persistence.indirection;

/** By this name EclipseLink's lazy collections are known; it is not here itself. */
public interface IndirectContainer {
    boolean isInstantiated();
}
