"""Building the models elsewhere than in the work file: on Apache Spark, for what outgrows one machine.

Belongs here: handing accepted rows to the cluster as Parquet, telling its catalog of them, and bringing what it has
built back into the work file. What is built is the dbt project, the same on every engine; ingestion, the candidate
and the gate do not know which engine there was.
"""
