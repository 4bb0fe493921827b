"""The cloud's stores on this machine, on loopback: MariaDB in place of RDS, moto in place of AWS's other services."""
