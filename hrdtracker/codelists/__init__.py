"""The lists people choose from: types of incident, provinces, outcomes and the rest."""
