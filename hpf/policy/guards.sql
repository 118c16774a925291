-- The business day, for guards that are asked without one: the day chosen in a demonstration, or China's.
CREATE OR REPLACE FUNCTION policy_business_day() RETURNS date
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT COALESCE((SELECT chosen_day FROM policy_calendar), (now() AT TIME ZONE 'Asia/Shanghai')::date)
$$;
