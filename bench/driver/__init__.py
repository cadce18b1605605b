"""The storage driver beside boto3 and s3fs: each in a process of its own, on one real store."""
