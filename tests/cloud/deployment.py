"""One deployment: a database, a bucket and a table, and the nodes that share them."""

import itertools

from dossier_process import Server, run_command

from services.mariadb import DATABASE

NUMBERS = itertools.count(1)
# Short leases, so that a test need not wait long until the remains of a killed node are cleaned up.
QUICK = {"intake.lease": "2s", "worker.lease": "1s", "worker.erase_again_after": "300ms", "worker.longest_sleep": "200ms",
         "worker.first_retry": "100ms"}


class Deployment:
    def __init__(self, database, aws, folder, versioned=True, prefix="files"):
        number = next(NUMBERS)
        self.database, self.aws, self.folder, self.prefix = database, aws, folder, prefix
        self.schema, self.bucket, self.table = f"{DATABASE}_{number}", f"dossier-files-{number}", f"dossier-catalog-{number}"
        database.make_database(self.schema)
        aws.make_bucket(versioned, self.bucket)
        aws.make_table(self.table)
        aws.put_parameters(f"127.0.0.1:{database.port}", database.password)
        self.nodes = []

    def settings(self, records="mysql", objects="s3", catalog="dynamodb", **more):
        """The settings of a node. A store without a URL is the embedded one."""
        chosen = {"mysql.tls": "off", **QUICK}
        if records == "mysql":
            chosen["records"] = self.database.url(self.schema, host="" if "records_host" in more else None)
        if objects == "s3":
            chosen["objects"] = f"s3://{self.bucket}/{self.prefix}"
        if catalog == "dynamodb":
            chosen["catalog"] = f"dynamodb://{self.table}"
        chosen.update({name.replace("__", "."): value for name, value in more.items()})
        return chosen

    def node(self, variables=None, binary=None, **settings):
        """A serving process; `variables` of the environment besides AWS's own."""
        node = Server(self.folder / f"node{len(self.nodes) + 1}")
        node.binary = binary
        self.nodes.append(node)
        return node.start(settings=self.settings(**settings), variables=variables)

    def command(self, *args, **settings):
        return run_command(*args, settings=self.settings(**settings), cwd=self.folder)

    def sql(self, text):
        return self.database.sql(f"USE {self.schema}; {text}")

    def objects(self):
        return self.aws.objects(self.bucket)

    def items(self):
        return self.aws.items(self.table)

    def end(self):
        try:
            for node in self.nodes:
                node.stop()
        finally:
            for node in self.nodes:
                node.kill()
