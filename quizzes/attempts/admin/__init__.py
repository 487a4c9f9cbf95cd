"""The administrators' screens of sittings: allowances of persons, outages."""
