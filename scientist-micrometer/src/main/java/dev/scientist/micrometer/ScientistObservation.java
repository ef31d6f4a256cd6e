package dev.scientist.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations of {@link ExperimentObservations}. Their names are not those of any {@link ScientistMeter}. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the arrays
public enum ScientistObservation implements ObservationDocumentation {
    /** One call of a control or a candidate. */
    BEHAVIOR("scientist.observation", new KeyName[] {Key.EXPERIMENT, Key.BEHAVIOR}, new KeyName[] {Key.EXCEPTION}),
    /** A candidate mismatched: of no length, for its {@link Event#MISMATCH}. */
    MISMATCH("scientist.mismatch", new KeyName[] {Key.EXPERIMENT, Key.CANDIDATE}, new KeyName[] {Key.PATHS}) {
        @Override
        public Observation.Event[] getEvents() {
            return Event.values();
        }
    };

    private final String name;
    private final KeyName[] low;
    private final KeyName[] high;

    ScientistObservation(String name, KeyName[] low, KeyName[] high) {
        this.name = name;
        this.low = low;
        this.high = high;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return low.clone();
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return high.clone();
    }

    /** What an observation is tagged with. */
    public enum Key implements KeyName {
        /** The experiment's name. */
        EXPERIMENT("experiment"),
        /** The name of the control or candidate. */
        BEHAVIOR("behavior"),
        /** The candidate's name. */
        CANDIDATE("candidate"),
        /** The simple name of the class of what was thrown; absent where nothing was. The message may be private. */
        EXCEPTION("exception"),
        /** Where the values differ, as {@link dev.scientist.Comparison#signature()} has it. */
        PATHS("paths");

        private final String key;

        Key(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** What happens within an observation. */
    public enum Event implements Observation.Event {
        /** A candidate mismatched and no ignore rule held. */
        MISMATCH;

        @Override
        public String getName() {
            return "mismatch";
        }
    }
}
