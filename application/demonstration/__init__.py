"""The demonstration: plausible pairs of 运城市, played through the same commands as the API's."""
