"""The stores of the cloud on this machine, on loopback: MariaDB for RDS, moto for S3, DynamoDB, SSM and the rest."""
