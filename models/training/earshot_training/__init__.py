"""Training of Earshot's recogniser: data, network, losses, loop, export. Entry point: python3 -m earshot_training."""
