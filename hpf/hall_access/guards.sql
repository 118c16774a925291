-- All of access to the hall goes through these functions. They work as the owner and answer with a verdict; the tables
-- behind them are closed to portal and staff alike. Limits are read here, not passed in: no caller can stretch them.
-- The moment is passed in, as everywhere.

-- Counts one more attempt before it is looked at, so that attempts at the same moment cannot slip past the limit.
-- ``wait`` is the seconds to wait, 0 lets the attempt pass; ``is_news`` is true for the first who is told to wait.
-- Failures delay the pair of account and address, doubling from the fifth on; an address that fails with many accounts
-- waits for all of them. An account alone is never locked: its rightful user gets in from elsewhere (settled 21).
CREATE OR REPLACE FUNCTION hall_access_charge(p_pair bytea, p_address bytea, p_now timestamptz)
RETURNS TABLE (wait integer, is_news boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    limits hall_access_limits;
    address hall_access_throttle;
    pair hall_access_throttle;
    address_opens_at timestamptz;
    delay interval := '0';
BEGIN
    SELECT * INTO STRICT limits FROM hall_access_limits;
    address := hall_access_counter(p_address, p_now);
    address_opens_at := address.since + make_interval(mins => limits.address_window_minutes);
    IF address_opens_at <= p_now THEN
        address.failures := 0;
        address.since := p_now;
    ELSIF address.failures >= limits.address_failures THEN
        RETURN QUERY SELECT hall_access_turn_away(address, address_opens_at - p_now), NOT address.reported;
        RETURN;
    END IF;

    pair := hall_access_counter(p_pair, p_now);
    IF pair.blocked_until > p_now THEN
        RETURN QUERY SELECT hall_access_turn_away(pair, pair.blocked_until - p_now), NOT pair.reported;
        RETURN;
    ELSIF pair.since + interval '1 day' <= p_now THEN
        pair.failures := 0;
    END IF;
    pair.failures := pair.failures + 1;
    IF pair.failures >= limits.free_failures THEN
        delay := make_interval(secs => least(limits.longest_delay_seconds,
            limits.first_delay_seconds * power(2, least(pair.failures - limits.free_failures, 20))));
    END IF;

    UPDATE hall_access_throttle SET failures = address.failures + 1, since = address.since, reported = false
    WHERE subject = p_address;
    UPDATE hall_access_throttle
    SET failures = pair.failures, since = p_now, blocked_until = p_now + delay, reported = false
    WHERE subject = p_pair;
    RETURN QUERY SELECT 0, false;
END $$;

-- A counter, made if there is none, and locked.
CREATE OR REPLACE FUNCTION hall_access_counter(p_subject bytea, p_now timestamptz) RETURNS hall_access_throttle
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    INSERT INTO hall_access_throttle (subject, failures, since, blocked_until, reported)
    VALUES (p_subject, 0, p_now, p_now, false) ON CONFLICT DO NOTHING;
    SELECT * FROM hall_access_throttle WHERE subject = p_subject FOR UPDATE
$$;

-- Turns an attempt away; the seconds to wait.
CREATE OR REPLACE FUNCTION hall_access_turn_away(p_counter hall_access_throttle, p_left interval) RETURNS integer
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    UPDATE hall_access_throttle SET reported = true WHERE subject = (p_counter).subject AND NOT reported;
    SELECT ceil(extract(epoch FROM p_left))::integer
$$;

-- Takes back what was charged for an attempt that turned out right.
CREATE OR REPLACE FUNCTION hall_access_forgive(p_pair bytea, p_address bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    UPDATE hall_access_throttle SET failures = greatest(failures - 1, 0) WHERE subject = p_address;
    DELETE FROM hall_access_throttle WHERE subject = p_pair;
END $$;

-- What is needed to check a handler's password, for one user name.
CREATE OR REPLACE FUNCTION hall_access_handler(p_user_name text)
RETURNS TABLE (id bigint, employer_id bigint, name text, password_hash text, initial boolean, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT id, employer_id, name, password_hash, must_change_password, initial_password_expires_at
    FROM registry_handler WHERE user_name = p_user_name AND active
$$;

-- Begins a login whose password was right: the one whose hash was compared, if it is still its owner's.
CREATE OR REPLACE FUNCTION hall_access_challenge(
    p_challenge bytea, p_kind text, p_principal_id bigint, p_password_hash text, p_now timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    INSERT INTO hall_access_challenge (token_digest, kind, principal_id, initial, tries, expires_at)
    SELECT p_challenge, 'handler', h.id, h.must_change_password, 0, p_now + make_interval(mins => l.login_minutes)
    FROM registry_handler h CROSS JOIN hall_access_limits l
    WHERE p_kind = 'handler' AND h.id = p_principal_id AND h.password_hash = p_password_hash AND h.active
    FOR SHARE OF h;
    INSERT INTO hall_access_challenge (token_digest, kind, principal_id, initial, tries, expires_at)
    SELECT p_challenge, 'staff', s.id, s.must_change_password, 0, p_now + make_interval(mins => l.login_minutes)
    FROM registry_staff s CROSS JOIN hall_access_limits l
    WHERE p_kind = 'staff' AND s.id = p_principal_id AND s.password_hash = p_password_hash AND s.active
    FOR SHARE OF s;
$$;

-- Whom a login under way belongs to, and when another code may be asked for. No row once it is over.
CREATE OR REPLACE FUNCTION hall_access_challenged(p_challenge bytea, p_now timestamptz)
RETURNS TABLE (challenge_id bigint, kind text, principal_id bigint, employer_id bigint, name text, mobile bytea,
               mobile_digest bytea, code_until timestamptz, next_code_at timestamptz, has_authenticator boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT c.id, c.kind, c.principal_id, h.employer_id, COALESCE(h.name, s.name), h.mobile, h.mobile_digest,
           (SELECT expires_at FROM hall_access_code WHERE challenge_id = c.id AND closed_at IS NULL),
           (SELECT greatest(issued[1] + make_interval(secs => l.code_gap_seconds),
                            issued[l.codes_an_hour] + interval '1 hour', issued[l.codes_a_day] + interval '1 day')
            FROM (SELECT array_agg(issued_at ORDER BY issued_at DESC) AS issued FROM hall_access_code
                  WHERE mobile_digest = h.mobile_digest AND issued_at > p_now - interval '1 day') recent),
           EXISTS (SELECT FROM hall_access_authenticator a WHERE a.kind = c.kind AND a.principal_id = c.principal_id)
    FROM hall_access_challenge c
    LEFT JOIN registry_handler h ON c.kind = 'handler' AND h.id = c.principal_id AND h.active
    LEFT JOIN registry_staff s ON c.kind = 'staff' AND s.id = c.principal_id AND s.active
    CROSS JOIN hall_access_limits l
    WHERE c.token_digest = p_challenge AND c.closed_at IS NULL AND c.expires_at > p_now
      AND (h.id IS NOT NULL OR s.id IS NOT NULL)
$$;

-- Keeps a new code for a login under way; the one before it is dead. ``wait`` is the seconds until a code may be sent,
-- 0 if this one may: one a minute, five an hour, ten a day for a number (settled 21). No row once the login is over.
CREATE OR REPLACE FUNCTION hall_access_issue_code(p_challenge bytea, p_code bytea, p_now timestamptz)
RETURNS TABLE (wait integer, code_until timestamptz, handler_id bigint, employer_id bigint, name text, mobile bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login record;
    until timestamptz;
BEGIN
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR login.mobile IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema || encode(login.mobile_digest, 'hex'), 0));
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF login.next_code_at > p_now THEN
        RETURN QUERY SELECT ceil(extract(epoch FROM login.next_code_at - p_now))::integer, NULL::timestamptz,
                            login.principal_id, login.employer_id, login.name, login.mobile;
        RETURN;
    END IF;
    SELECT p_now + make_interval(mins => code_minutes) INTO STRICT until FROM hall_access_limits;
    UPDATE hall_access_code SET closed_at = p_now WHERE challenge_id = login.challenge_id AND closed_at IS NULL;
    INSERT INTO hall_access_code (challenge_id, mobile_digest, code_digest, tries, issued_at, expires_at)
    VALUES (login.challenge_id, login.mobile_digest, p_code, 0, p_now, until);
    RETURN QUERY SELECT 0, until, login.principal_id, login.employer_id, login.name, login.mobile;
END $$;

-- Opens a session; of a principal's live ones, the longest unseen make room for it.
CREATE OR REPLACE FUNCTION hall_access_open_session(
    p_kind text, p_principal_id bigint, p_employer_id bigint, p_session bytea, p_address text, p_agent text,
    p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    limits hall_access_limits;
BEGIN
    SELECT * INTO STRICT limits FROM hall_access_limits;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema || p_kind || p_principal_id, 0));
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = 'replaced'
    WHERE id IN (
        SELECT id FROM hall_access_websession
        WHERE kind = p_kind AND principal_id = p_principal_id AND ended_at IS NULL AND expires_at > p_now
          AND seen_at + make_interval(mins => limits.idle_minutes) > p_now
        ORDER BY seen_at DESC, id DESC OFFSET limits.browsers - 1
    );
    INSERT INTO hall_access_websession (token_digest, kind, principal_id, employer_id, started_at, seen_at, expires_at,
                                        ended_why, address, agent)
    VALUES (p_session, p_kind, p_principal_id, p_employer_id, p_now, p_now,
            p_now + make_interval(hours => limits.absolute_hours), '', p_address, p_agent);
END $$;
-- The portal opens sessions by a code that is right (below), and in no other way.
REVOKE EXECUTE ON FUNCTION hall_access_open_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_open_session TO hpf_{center}_staff;

-- The counter of the codes that are tried for somebody, however they are sent.
CREATE OR REPLACE FUNCTION hall_access_codes_of(p_kind text, p_principal_id bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$ SELECT sha256(convert_to('codes ' || p_kind || ' ' || p_principal_id, 'UTF8')) $$;

-- Counts one more code for somebody before it is looked at. False once the day's are used up: from then on even the
-- right one opens nothing, so that nobody guesses his way in.
CREATE OR REPLACE FUNCTION hall_access_count_code(p_kind text, p_principal_id bigint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    counter hall_access_throttle;
BEGIN
    counter := hall_access_counter(hall_access_codes_of(p_kind, p_principal_id), p_now);
    IF counter.since + interval '1 day' <= p_now THEN
        counter.failures := 0;
        counter.since := p_now;
    END IF;
    IF counter.failures >= (SELECT wrong_codes_a_day FROM hall_access_limits) THEN
        RETURN false;
    END IF;
    UPDATE hall_access_throttle SET failures = counter.failures + 1, since = counter.since
    WHERE subject = counter.subject;
    RETURN true;
END $$;

-- Takes back what was counted for a code that turned out right, or that there was nothing to compare with.
CREATE OR REPLACE FUNCTION hall_access_take_back(p_kind text, p_principal_id bigint) RETURNS void
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    UPDATE hall_access_throttle SET failures = greatest(failures - 1, 0)
    WHERE subject = hall_access_codes_of(p_kind, p_principal_id)
$$;

-- Tries a code and, if it is right, turns the login into a session. One statement counts the try, compares and spends
-- the code: of two that come at the same moment one waits for the other's row and finds it spent.
-- Verdicts: ``over`` the login is; ``locked`` too many wrong ones today; ``dead`` there is no code to compare with;
-- ``wrong``; ``spent`` the initial password is, by another login; ``right``.
CREATE OR REPLACE FUNCTION hall_access_finish(
    p_challenge bytea, p_code bytea, p_session bytea, p_address text, p_agent text, p_now timestamptz
) RETURNS TABLE (verdict text, tries_left integer, handler_id bigint, employer_id bigint, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    limits hall_access_limits;
    login record;
    tried record;
    answer text;
    remaining integer := 0;
BEGIN
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR login.kind <> 'handler' THEN
        RETURN QUERY SELECT 'over', 0, NULL::bigint, NULL::bigint, NULL::text;
        RETURN;
    END IF;
    SELECT * INTO STRICT limits FROM hall_access_limits;
    IF NOT hall_access_count_code(login.kind, login.principal_id, p_now) THEN
        UPDATE hall_access_challenge SET closed_at = p_now WHERE id = login.challenge_id AND closed_at IS NULL;
        RETURN QUERY SELECT 'locked', 0, login.principal_id, login.employer_id, login.name;
        RETURN;
    END IF;
    UPDATE hall_access_code c
    SET tries = c.tries + 1,
        closed_at = CASE WHEN c.code_digest = p_code OR c.tries + 1 >= limits.code_tries THEN p_now END
    WHERE c.challenge_id = login.challenge_id AND c.closed_at IS NULL AND c.expires_at > p_now
    RETURNING c.code_digest = p_code AS matches, limits.code_tries - c.tries AS remaining INTO tried;
    IF NOT FOUND THEN
        answer := 'dead';
    ELSIF NOT tried.matches THEN
        answer := 'wrong';
        remaining := tried.remaining;
    ELSIF hall_access_spend(login.challenge_id, p_now) THEN
        answer := 'right';
        PERFORM hall_access_open_session('handler', login.principal_id, login.employer_id, p_session, p_address,
                                         p_agent, p_now);
    ELSE
        answer := 'spent';
    END IF;
    IF answer <> 'wrong' THEN
        PERFORM hall_access_take_back(login.kind, login.principal_id);
    END IF;
    RETURN QUERY SELECT answer, remaining, login.principal_id, login.employer_id, login.name;
END $$;

-- Ends a login, and with it an initial password: it has worked its once. False if another login was quicker.
CREATE OR REPLACE FUNCTION hall_access_spend(p_challenge_id bigint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login hall_access_challenge;
BEGIN
    UPDATE hall_access_challenge SET closed_at = p_now WHERE id = p_challenge_id AND closed_at IS NULL
    RETURNING * INTO login;
    IF login.id IS NULL OR NOT login.initial THEN
        RETURN login.id IS NOT NULL;
    END IF;
    IF login.kind = 'handler' THEN
        UPDATE registry_handler SET initial_password_expires_at = p_now
        WHERE id = login.principal_id AND must_change_password AND initial_password_expires_at > p_now;
    ELSE
        UPDATE registry_staff SET initial_password_expires_at = p_now
        WHERE id = login.principal_id AND must_change_password AND initial_password_expires_at > p_now;
    END IF;
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_spend FROM PUBLIC;

-- Who is behind a session's token, asked on every request: no row if nobody is (any more). A session that has run out
-- is ended here; one that lives is renewed at most once a minute.
CREATE OR REPLACE FUNCTION hall_access_principal(p_session bytea, p_now timestamptz, p_today date)
RETURNS TABLE (session_id bigint, kind text, principal_id bigint, name text, employer_id bigint, roles text[],
               must_change_password boolean, must_enrol boolean, must_accept_agreement boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    session hall_access_websession;
    idle_at timestamptz;
BEGIN
    SELECT * INTO session FROM hall_access_websession s WHERE s.token_digest = p_session AND s.ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT session.seen_at + make_interval(mins => idle_minutes) INTO STRICT idle_at FROM hall_access_limits;
    IF least(idle_at, session.expires_at) <= p_now THEN
        UPDATE hall_access_websession
        SET ended_at = least(idle_at, session.expires_at),
            ended_why = CASE WHEN idle_at < session.expires_at THEN 'idle' ELSE 'expired' END
        WHERE id = session.id AND ended_at IS NULL;
        RETURN;
    END IF;
    IF session.seen_at + interval '1 minute' <= p_now THEN
        UPDATE hall_access_websession SET seen_at = p_now WHERE id = session.id AND seen_at < p_now;
    END IF;
    IF session.kind = 'staff' THEN
        RETURN QUERY SELECT session.id, session.kind, s.id, s.name, NULL::bigint, s.roles::text[], s.must_change_password,
            NOT EXISTS (SELECT FROM hall_access_authenticator a WHERE a.kind = 'staff' AND a.principal_id = s.id), false
        FROM registry_staff s WHERE s.id = session.principal_id AND s.active;
    ELSE
        RETURN QUERY SELECT session.id, session.kind, h.id, h.name, h.employer_id, '{}'::text[], h.must_change_password, false,
            h.agreement_version IS DISTINCT FROM (
                SELECT v.number FROM registry_agreementversion v
                WHERE v.document = 'agreement' AND v.effective_on <= p_today
                ORDER BY v.effective_on DESC LIMIT 1)
        FROM registry_handler h WHERE h.id = session.principal_id AND h.active;
    END IF;
END $$;

-- Ends a session by its token; a row names whose it was, none if it had ended before.
CREATE OR REPLACE FUNCTION hall_access_end_session(p_session bytea, p_now timestamptz)
RETURNS TABLE (kind text, principal_id bigint, employer_id bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = 'logged_out'
    WHERE token_digest = p_session AND ended_at IS NULL RETURNING kind, principal_id, employer_id
$$;

-- Ends a principal's sessions but one, and its logins under way: its password is another now.
CREATE OR REPLACE FUNCTION hall_access_end_sessions(
    p_kind text, p_principal_id bigint, p_except_id bigint, p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = 'password_changed'
    WHERE kind = p_kind AND principal_id = p_principal_id AND ended_at IS NULL AND id IS DISTINCT FROM p_except_id;
    UPDATE hall_access_challenge SET closed_at = p_now
    WHERE kind = p_kind AND principal_id = p_principal_id AND closed_at IS NULL;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_end_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_end_sessions TO hpf_{center}_staff;

-- The same by the one session that stays, for the principal behind it. False if that session is over too.
CREATE OR REPLACE FUNCTION hall_access_end_others(p_session bytea, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_end_sessions(kind, principal_id, id, p_now)
    FROM hall_access_websession WHERE token_digest = p_session AND ended_at IS NULL;
    RETURN FOUND;
END $$;

-- The latest sessions of the one behind a token, newest first.
CREATE OR REPLACE FUNCTION hall_access_sessions(p_session bytea)
RETURNS TABLE (id bigint, started_at timestamptz, seen_at timestamptz, ended_at timestamptz, ended_why text,
               address text, agent text, is_this boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT s.id, s.started_at, s.seen_at, s.ended_at, s.ended_why, s.address, s.agent, s.id = own.id
    FROM hall_access_websession own
    JOIN hall_access_websession s ON s.kind = own.kind AND s.principal_id = own.principal_id
    WHERE own.token_digest = p_session AND own.ended_at IS NULL
    ORDER BY s.id DESC LIMIT 20
$$;

-- Forgets what access no longer needs: the event log keeps what happened.
CREATE OR REPLACE FUNCTION hall_access_forget(p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    DELETE FROM hall_access_code WHERE issued_at < p_now - interval '2 days';
    DELETE FROM hall_access_challenge c
    WHERE expires_at < p_now - interval '2 days' AND NOT EXISTS (SELECT FROM hall_access_code WHERE challenge_id = c.id);
    DELETE FROM hall_access_throttle
    WHERE since < p_now - interval '2 days' AND blocked_until < p_now;
    DELETE FROM hall_access_websession WHERE started_at < p_now - interval '180 days';
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_forget TO hpf_{center}_staff;
