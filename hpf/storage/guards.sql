-- The portal may defer a job and nothing else: the function works as the owner, the queue's tables stay closed to it.
ALTER FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) SECURITY DEFINER SET search_path = {center};
