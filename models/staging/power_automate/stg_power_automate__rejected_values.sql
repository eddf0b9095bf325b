-- Grain: one value of a Power Automate record that does not read as what it should be.
{{ rejected_values('power_automate', 'flow_runs', 'flowrunid', [
    ('starttime', 'starttime', 'time'),
    ('endtime', 'endtime', 'time'),
]) }}
