-- All of access to the hall goes through these functions. They work as the owner and answer with a verdict; the tables
-- behind them are closed to portal and staff alike. Limits are read here, not passed in: no caller can stretch them.
-- The moment is passed in, as everywhere.

-- Counts one more attempt before it is looked at, so that attempts at the same moment cannot slip past the limit.
-- ``wait`` is the seconds to wait, 0 lets the attempt pass; ``is_news`` is true for the first who is told to wait.
-- Failures delay the pair of account and address, doubling from the fifth on; an address that fails with many accounts
-- waits for all of them (``of_address``) but those who have been in from there before: nobody beside them in an office
-- keeps them out. An account alone is never locked: its rightful user gets in from elsewhere (settled 21).
-- ``p_account`` is the keyed digest under which the counter unlocks what was counted for an account.
CREATE OR REPLACE FUNCTION hall_access_charge(
    p_pair bytea, p_address bytea, p_account bytea, p_kind text, p_user_name text, p_from text, p_now timestamptz
) RETURNS TABLE (wait integer, is_news boolean, of_address boolean)
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
    ELSIF address.failures >= limits.address_failures AND NOT hall_access_was_in(p_kind, p_user_name, p_from) THEN
        RETURN QUERY SELECT hall_access_turn_away(address, address_opens_at - p_now), NOT address.reported, true;
        RETURN;
    END IF;

    pair := hall_access_counter(p_pair, p_now);
    IF pair.blocked_until > p_now THEN
        RETURN QUERY SELECT hall_access_turn_away(pair, pair.blocked_until - p_now), NOT pair.reported, false;
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
    SET failures = pair.failures, since = p_now, blocked_until = p_now + delay, reported = false, account = p_account
    WHERE subject = p_pair;
    RETURN QUERY SELECT 0, false, false;
END $$;

-- Whether somebody has had a session from an address before; and the same, asked by the name that he types.
CREATE OR REPLACE FUNCTION hall_access_comes_from(p_kind text, p_principal_id bigint, p_from text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hall_access_websession w
                   WHERE w.kind = p_kind AND w.principal_id = p_principal_id AND w.address = p_from)
$$;
CREATE OR REPLACE FUNCTION hall_access_was_in(p_kind text, p_user_name text, p_from text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT hall_access_comes_from(p_kind, CASE p_kind
        WHEN 'handler' THEN (SELECT id FROM registry_handler WHERE user_name = p_user_name)
        ELSE (SELECT id FROM registry_staff WHERE user_name = p_user_name) END, p_from)
$$;

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

-- Takes back what was charged for an attempt that turned out right, and for the slips before it: who knows his password is
-- no guesser. No more than the free ones, so that a guesser's own account pays for nobody else's.
CREATE OR REPLACE FUNCTION hall_access_forgive(p_pair bytea, p_address bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    counted integer;
BEGIN
    PERFORM FROM hall_access_throttle WHERE subject = p_address FOR UPDATE;  -- first, as where they are charged
    DELETE FROM hall_access_throttle WHERE subject = p_pair RETURNING failures INTO counted;
    UPDATE hall_access_throttle
    SET failures = greatest(failures - least(COALESCE(counted, 1), (SELECT free_failures FROM hall_access_limits)), 0)
    WHERE subject = p_address;
END $$;

-- What is needed to check a handler's password, for one user name. ``ended`` says why a handler is one no longer: told to
-- who knows the password, and to nobody else.
CREATE OR REPLACE FUNCTION hall_access_handler(p_user_name text)
RETURNS TABLE (id bigint, employer_id bigint, name text, password_hash text, initial boolean, expires_at timestamptz,
               ended text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT h.id, h.employer_id, h.name, h.password_hash, h.must_change_password, h.initial_password_expires_at,
           CASE WHEN h.active THEN ''
                WHEN h.grant_id IS NOT NULL THEN 'grant_ended'
                WHEN EXISTS (SELECT FROM hall_access_termination t WHERE t.handler_id = h.id) THEN 'terminated'
                ELSE 'handler_changed' END
    FROM registry_handler h WHERE h.user_name = p_user_name
$$;

-- Access has one order of locks: whose it is, what is under way of his, then counters, codes and sessions. Who comes in
-- and who changes or ends the access at the same moment wait for each other, and not for ever.
CREATE OR REPLACE FUNCTION hall_access_hold_owner(p_kind text, p_principal_id bigint) RETURNS void
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    SELECT FROM registry_handler WHERE p_kind = 'handler' AND id = p_principal_id FOR NO KEY UPDATE;
    SELECT FROM registry_staff WHERE p_kind = 'staff' AND id = p_principal_id FOR NO KEY UPDATE;
$$;
REVOKE EXECUTE ON FUNCTION hall_access_hold_owner FROM PUBLIC;

-- Holds a login or a recovery under way, and whose it is. It is looked at after this: it may be over by now.
CREATE OR REPLACE FUNCTION hall_access_hold(p_challenge bytea) RETURNS void
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    SELECT hall_access_hold_owner(kind, principal_id) FROM hall_access_challenge WHERE token_digest = p_challenge;
    SELECT FROM hall_access_challenge WHERE token_digest = p_challenge FOR NO KEY UPDATE;
$$;
REVOKE EXECUTE ON FUNCTION hall_access_hold FROM PUBLIC;

-- Begins a login whose password was right: the one whose hash was compared, if it is still its owner's.
CREATE OR REPLACE FUNCTION hall_access_challenge(
    p_challenge bytea, p_kind text, p_principal_id bigint, p_password_hash text, p_now timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    INSERT INTO hall_access_challenge (token_digest, kind, principal_id, purpose, initial, tries, expires_at)
    SELECT p_challenge, 'handler', h.id, 'login', h.must_change_password, 0, p_now + make_interval(mins => l.login_minutes)
    FROM registry_handler h CROSS JOIN hall_access_limits l
    WHERE p_kind = 'handler' AND h.id = p_principal_id AND h.password_hash = p_password_hash AND h.active
    FOR SHARE OF h;
    INSERT INTO hall_access_challenge (token_digest, kind, principal_id, purpose, initial, tries, expires_at)
    SELECT p_challenge, 'staff', s.id, 'login', s.must_change_password, 0, p_now + make_interval(mins => l.login_minutes)
    FROM registry_staff s CROSS JOIN hall_access_limits l
    WHERE p_kind = 'staff' AND s.id = p_principal_id AND s.password_hash = p_password_hash AND s.active
    FOR SHARE OF s;
$$;

-- When the next code may go to a number: one a minute, five an hour, ten a day (settled 21). Those of recovery count among
-- them, but have a smaller share: who knows a user name and a credit code cannot use up the codes that its owner logs in
-- with.
CREATE OR REPLACE FUNCTION hall_access_next_sms(p_mobile_digest bytea, p_purpose text, p_now timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT greatest(every[1] + make_interval(secs => l.code_gap_seconds),
                    every[l.codes_an_hour] + interval '1 hour', every[l.codes_a_day] + interval '1 day',
                    resets[l.resets_an_hour] + interval '1 hour', resets[l.resets_a_day] + interval '1 day')
    FROM hall_access_limits l CROSS JOIN (
        SELECT array_agg(o.issued_at ORDER BY o.issued_at DESC) AS every,
               array_agg(o.issued_at ORDER BY o.issued_at DESC)
                   FILTER (WHERE p_purpose = 'reset' AND oc.purpose = 'reset') AS resets
        FROM hall_access_code o JOIN hall_access_challenge oc ON oc.id = o.challenge_id
        WHERE o.mobile_digest = p_mobile_digest AND o.issued_at > p_now - interval '1 day') recent
$$;

-- When another code may be asked for in a recovery: by what was typed, so that it is the same whether or not that belongs
-- to anybody.
CREATE OR REPLACE FUNCTION hall_access_next_reset(p_stand_in bytea, p_now timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT greatest(kept[1] + make_interval(secs => l.code_gap_seconds),
                    kept[l.resets_an_hour] + interval '1 hour', kept[l.resets_a_day] + interval '1 day')
    FROM hall_access_limits l CROSS JOIN (
        SELECT array_agg(o.issued_at ORDER BY o.issued_at DESC) AS kept
        FROM hall_access_code o JOIN hall_access_challenge oc ON oc.id = o.challenge_id
        WHERE oc.stand_in = p_stand_in AND o.issued_at > p_now - interval '1 day') recent
$$;

-- Whom a login or a recovery under way belongs to, and when another code may be asked for. No row once it is over.
CREATE OR REPLACE FUNCTION hall_access_challenged(p_challenge bytea, p_now timestamptz)
RETURNS TABLE (challenge_id bigint, purpose text, kind text, principal_id bigint, employer_id bigint, name text,
               mobile bytea, mobile_digest bytea, code_until timestamptz, next_code_at timestamptz,
               has_authenticator boolean, proved boolean, passed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT c.id, c.purpose, c.kind, c.principal_id, h.employer_id, COALESCE(h.name, s.name), h.mobile,
           COALESCE(h.mobile_digest, c.stand_in),
           (SELECT expires_at FROM hall_access_code WHERE challenge_id = c.id AND closed_at IS NULL),
           CASE c.purpose WHEN 'login' THEN hall_access_next_sms(h.mobile_digest, c.purpose, p_now)
                          ELSE hall_access_next_reset(c.stand_in, p_now) END,
           EXISTS (SELECT FROM hall_access_authenticator a WHERE a.kind = c.kind AND a.principal_id = c.principal_id),
           c.proved_at IS NOT NULL, c.passed_at IS NOT NULL
    FROM hall_access_challenge c
    LEFT JOIN registry_handler h ON c.kind = 'handler' AND h.id = c.principal_id AND h.active
    LEFT JOIN registry_staff s ON c.kind = 'staff' AND s.id = c.principal_id AND s.active
    WHERE c.token_digest = p_challenge AND c.closed_at IS NULL AND c.expires_at > p_now
      AND (h.id IS NOT NULL OR s.id IS NOT NULL OR c.principal_id IS NULL)
$$;

-- Counts one more code that is sent for an address: twenty-five unanswered ones in five minutes. Who has been in from
-- there before gets his all the same: nobody beside him in an office uses it up. The seconds to wait, 0 lets it pass.
CREATE OR REPLACE FUNCTION hall_access_charge_sms(p_handler_id bigint, p_counter bytea, p_address text, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    seconds integer;
BEGIN
    SELECT c.wait INTO STRICT seconds FROM hall_access_limits l
    CROSS JOIN LATERAL hall_access_count(p_counter, l.codes_from_an_address, l.codes_window_minutes, p_now) c;
    IF seconds > 0 AND hall_access_comes_from('handler', p_handler_id, p_address) THEN
        UPDATE hall_access_throttle SET failures = failures + 1 WHERE subject = p_counter;
        RETURN 0;
    END IF;
    RETURN seconds;
END $$;

-- Keeps a new code for a login or a recovery under way; the one before it is dead. ``wait`` is the seconds until one may
-- be asked for, 0 if this one is kept. No row once it is over. A recovery keeps one by what was typed alone: where it may
-- not be sent, or there is nobody to send it to, it is a dead end that no code opens, and ``mobile`` is null. Such codes
-- go through the same motions for a counter of their own: they use up nobody's.
CREATE OR REPLACE FUNCTION hall_access_issue_code(
    p_challenge bytea, p_code bytea, p_counter bytea, p_address text, p_now timestamptz
) RETURNS TABLE (wait integer, code_until timestamptz, purpose text, handler_id bigint, employer_id bigint, name text,
                 mobile bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login record;
    until timestamptz;
    seconds integer;
    may_be_sent boolean;
BEGIN
    PERFORM hall_access_hold(p_challenge);
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR login.kind <> 'handler' THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema || encode(login.mobile_digest, 'hex'), 0));
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    seconds := greatest(ceil(extract(epoch FROM login.next_code_at - p_now))::integer, 0);
    IF seconds = 0 THEN
        may_be_sent := login.mobile IS NOT NULL
            AND COALESCE(hall_access_next_sms(login.mobile_digest, login.purpose, p_now) <= p_now, true);
        IF NOT may_be_sent THEN
            p_counter := sha256(p_counter);
        END IF;
        seconds := hall_access_charge_sms(login.principal_id, p_counter, p_address, p_now);
        may_be_sent := may_be_sent AND seconds = 0;
        IF login.purpose = 'reset' THEN
            seconds := 0;
        END IF;
    END IF;
    IF seconds > 0 THEN
        RETURN QUERY SELECT seconds, NULL::timestamptz, login.purpose, login.principal_id, login.employer_id,
                            login.name, NULL::bytea;
        RETURN;
    END IF;
    SELECT p_now + make_interval(mins => code_minutes) INTO STRICT until FROM hall_access_limits;
    UPDATE hall_access_code SET closed_at = p_now WHERE challenge_id = login.challenge_id AND closed_at IS NULL;
    INSERT INTO hall_access_code (challenge_id, mobile_digest, code_digest, asked_from, tries, issued_at, expires_at)
    VALUES (login.challenge_id, CASE WHEN may_be_sent THEN login.mobile_digest END, p_code, p_counter, 0, p_now, until);
    RETURN QUERY SELECT 0, until, login.purpose, login.principal_id, login.employer_id, login.name,
                        CASE WHEN may_be_sent THEN login.mobile END;
END $$;

-- Counts one more of what may be asked for so often in so many minutes. ``wait`` is the seconds to wait, 0 lets it pass;
-- ``is_news`` is true for the first who is told to wait.
CREATE OR REPLACE FUNCTION hall_access_count(p_subject bytea, p_most integer, p_minutes integer, p_now timestamptz)
RETURNS TABLE (wait integer, is_news boolean)
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    counter hall_access_throttle;
    opens_at timestamptz;
BEGIN
    counter := hall_access_counter(p_subject, p_now);
    opens_at := counter.since + make_interval(mins => p_minutes);
    IF opens_at <= p_now THEN
        UPDATE hall_access_throttle SET failures = 1, since = p_now, reported = false WHERE subject = p_subject;
    ELSIF counter.failures >= p_most THEN
        RETURN QUERY SELECT hall_access_turn_away(counter, opens_at - p_now), NOT counter.reported;
        RETURN;
    ELSE
        UPDATE hall_access_throttle SET failures = failures + 1 WHERE subject = p_subject;
    END IF;
    RETURN QUERY SELECT 0, false;
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
    PERFORM hall_access_hold_owner(p_kind, p_principal_id);
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
    IF p_kind = 'handler' THEN
        UPDATE hall_access_handlerchange SET proved_at = p_now
        WHERE new_handler_id = p_principal_id AND proved_at IS NULL;
    END IF;
END $$;
-- The portal opens sessions by a code that is right (below), and in no other way.
REVOKE EXECUTE ON FUNCTION hall_access_open_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_open_session TO hpf_{center}_staff;

-- The counter of the codes that are tried for one purpose of somebody's, however they are sent. Those of recovery are
-- counted apart: who can ask for them without a password must not use up the owner's own.
CREATE OR REPLACE FUNCTION hall_access_codes_of(p_challenge_id bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = {center}, pg_temp AS $$
    SELECT sha256(convert_to(
        concat_ws(' ', 'codes', purpose, kind, COALESCE(principal_id::text, encode(stand_in, 'hex'))), 'UTF8'))
    FROM hall_access_challenge WHERE id = p_challenge_id
$$;

-- Counts one more code before it is looked at. False once the day's are used up: from then on even the right one opens
-- nothing, so that nobody guesses his way in, and what is under way is over.
CREATE OR REPLACE FUNCTION hall_access_count_code(p_challenge_id bigint, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    counter hall_access_throttle;
BEGIN
    counter := hall_access_counter(hall_access_codes_of(p_challenge_id), p_now);
    IF counter.since + interval '1 day' <= p_now THEN
        counter.failures := 0;
        counter.since := p_now;
    END IF;
    IF counter.failures >= (SELECT wrong_codes_a_day FROM hall_access_limits) THEN
        UPDATE hall_access_challenge SET closed_at = p_now WHERE id = p_challenge_id AND closed_at IS NULL;
        RETURN false;
    END IF;
    UPDATE hall_access_throttle SET failures = counter.failures + 1, since = counter.since
    WHERE subject = counter.subject;
    RETURN true;
END $$;

-- Takes back what was counted for a code that turned out right, or that there was nothing to compare with.
CREATE OR REPLACE FUNCTION hall_access_take_back(p_challenge_id bigint) RETURNS void
LANGUAGE sql SET search_path = {center}, pg_temp AS $$
    UPDATE hall_access_throttle SET failures = greatest(failures - 1, 0)
    WHERE subject = hall_access_codes_of(p_challenge_id)
$$;

-- Tries the code that was sent for something under way. One statement counts the try, compares and spends the code: of
-- two that come at the same moment one waits for the other's row and finds it spent.
-- Verdicts: ``locked`` too many wrong ones today; ``dead`` there is no code to compare with; ``wrong``; ``right``.
CREATE OR REPLACE FUNCTION hall_access_try_code(p_challenge_id bigint, p_code bytea, p_now timestamptz)
RETURNS TABLE (verdict text, tries_left integer)
LANGUAGE plpgsql SET search_path = {center}, pg_temp AS $$
DECLARE
    most integer;
    tried record;
BEGIN
    IF NOT hall_access_count_code(p_challenge_id, p_now) THEN
        RETURN QUERY SELECT 'locked', 0;
        RETURN;
    END IF;
    SELECT code_tries INTO STRICT most FROM hall_access_limits;
    PERFORM hall_access_counter(c.asked_from, p_now)  -- the address first, as where a code is issued
    FROM hall_access_code c WHERE c.challenge_id = p_challenge_id AND c.closed_at IS NULL;
    UPDATE hall_access_code c
    SET tries = c.tries + 1,
        closed_at = CASE WHEN (c.code_digest = p_code AND c.mobile_digest IS NOT NULL) OR c.tries + 1 >= most THEN p_now END
    WHERE c.challenge_id = p_challenge_id AND c.closed_at IS NULL AND c.expires_at > p_now
    RETURNING c.code_digest = p_code AND c.mobile_digest IS NOT NULL AS matches, most - c.tries AS remaining, c.asked_from,
              c.issued_at INTO tried;
    IF NOT FOUND THEN
        PERFORM hall_access_take_back(p_challenge_id);
        RETURN QUERY SELECT 'dead', 0;
    ELSIF NOT tried.matches THEN
        RETURN QUERY SELECT 'wrong', tried.remaining;
    ELSE
        PERFORM hall_access_take_back(p_challenge_id);
        UPDATE hall_access_throttle SET failures = greatest(failures - 1, 0)  -- it was no bomb: an office comes in
        WHERE subject = tried.asked_from AND since <= tried.issued_at;
        RETURN QUERY SELECT 'right', 0;
    END IF;
END $$;

-- Tries a code and, if it is right, turns the login into a session. Verdicts as above, and ``over`` the login is;
-- ``spent`` the initial password is, by another login.
CREATE OR REPLACE FUNCTION hall_access_finish(
    p_challenge bytea, p_code bytea, p_session bytea, p_address text, p_agent text, p_now timestamptz
) RETURNS TABLE (verdict text, tries_left integer, handler_id bigint, employer_id bigint, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    login record;
    tried record;
BEGIN
    PERFORM hall_access_hold(p_challenge);
    SELECT * INTO login FROM hall_access_challenged(p_challenge, p_now);
    IF NOT FOUND OR login.kind <> 'handler' OR login.purpose <> 'login' THEN
        RETURN QUERY SELECT 'over', 0, NULL::bigint, NULL::bigint, NULL::text;
        RETURN;
    END IF;
    SELECT * INTO tried FROM hall_access_try_code(login.challenge_id, p_code, p_now);
    IF tried.verdict = 'right' THEN
        IF hall_access_spend(login.challenge_id, p_now) THEN
            PERFORM hall_access_open_session('handler', login.principal_id, login.employer_id, p_session, p_address,
                                             p_agent, p_now);
        ELSE
            tried.verdict := 'spent';
        END IF;
    END IF;
    RETURN QUERY SELECT tried.verdict, tried.tries_left, login.principal_id, login.employer_id, login.name;
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
-- is ended here; one that lives is renewed at most once a minute, if somebody asks and not his page by itself
-- (``p_renews``). ``suspended`` and ``limited`` are what is withheld.
CREATE OR REPLACE FUNCTION hall_access_principal(
    p_session bytea, p_now timestamptz, p_today date, p_renews boolean
)
RETURNS TABLE (session_id bigint, kind text, principal_id bigint, name text, employer_id bigint, roles text[],
               idle_at timestamptz, expires_at timestamptz, must_change_password boolean, must_enrol boolean,
               must_be_released boolean, suspended boolean, must_accept_agreement boolean, limited text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
DECLARE
    session hall_access_websession;
    idle interval;
    idle_until timestamptz;
BEGIN
    SELECT * INTO session FROM hall_access_websession s WHERE s.token_digest = p_session AND s.ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT make_interval(mins => idle_minutes) INTO STRICT idle FROM hall_access_limits;
    idle_until := session.seen_at + idle;
    IF least(idle_until, session.expires_at) <= p_now THEN
        UPDATE hall_access_websession w
        SET ended_at = least(idle_until, session.expires_at),
            ended_why = CASE WHEN idle_until < session.expires_at THEN 'idle' ELSE 'expired' END
        WHERE w.id = session.id AND w.ended_at IS NULL;
        RETURN;
    END IF;
    IF p_renews AND session.seen_at + interval '1 minute' <= p_now THEN
        UPDATE hall_access_websession w SET seen_at = p_now WHERE w.id = session.id AND w.seen_at < p_now;
        idle_until := p_now + idle;
    END IF;
    IF session.kind = 'staff' THEN
        RETURN QUERY SELECT session.id, session.kind, s.id, s.name, NULL::bigint,
            CASE WHEN released THEN s.roles::text[] ELSE '{}'::text[] END, idle_until,
            session.expires_at, s.must_change_password,
            NOT EXISTS (SELECT FROM hall_access_authenticator a WHERE a.kind = 'staff' AND a.principal_id = s.id),
            NOT released, false, false, '{}'::text[]
        FROM registry_staff s CROSS JOIN LATERAL hall_access_is_released(s.id) released
        WHERE s.id = session.principal_id AND s.active;
    ELSE
        RETURN QUERY SELECT session.id, session.kind, h.id, h.name, h.employer_id,
            hall_access_roles(h, p_today)
                || hall_access_choice(session.principal_id, session.acting_id, h.id, p_today),
            idle_until, session.expires_at, h.must_change_password AND h.login_id IS NULL, false, false,
            standing.suspended,
            h.agreement_version IS DISTINCT FROM (
                SELECT v.number FROM registry_agreementversion v
                WHERE v.document = 'agreement' AND v.effective_on <= p_today
                ORDER BY v.effective_on DESC LIMIT 1),
            standing.limited
        FROM hall_access_acting(session.principal_id, session.acting_id) h
        CROSS JOIN LATERAL access_restriction_standing(h.employer_id, p_today) standing;
    END IF;
END $$;

-- Ends a session by its token; a row names whose it was, none if it had ended before.
CREATE OR REPLACE FUNCTION hall_access_end_session(p_session bytea, p_now timestamptz)
RETURNS TABLE (kind text, principal_id bigint, employer_id bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = 'logged_out'
    WHERE token_digest = p_session AND ended_at IS NULL RETURNING kind, principal_id, employer_id
$$;

-- Ends a principal's sessions but one, and its logins under way: its password is another now. A login that is becoming a
-- session at this moment is waited for, and its session is seen then.
CREATE OR REPLACE FUNCTION hall_access_end_sessions(
    p_kind text, p_principal_id bigint, p_except_id bigint, p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
BEGIN
    PERFORM hall_access_end_under_way(p_kind, p_principal_id, p_now);
    UPDATE hall_access_websession SET ended_at = p_now, ended_why = 'password_changed'
    WHERE kind = p_kind AND principal_id = p_principal_id AND ended_at IS NULL AND id IS DISTINCT FROM p_except_id;
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_end_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_end_sessions TO hpf_{center}_staff;

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

-- Ends one of the live sessions of the one behind a token, or with no id all but this one; how many ended.
CREATE OR REPLACE FUNCTION hall_access_end_own(p_session bytea, p_id bigint, p_now timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    WITH ended AS (
        UPDATE hall_access_websession s SET ended_at = p_now, ended_why = 'ended'
        FROM hall_access_websession own
        WHERE own.token_digest = p_session AND own.ended_at IS NULL AND s.kind = own.kind
          AND s.principal_id = own.principal_id AND s.ended_at IS NULL AND s.expires_at > p_now
          AND s.id <> own.id AND (p_id IS NULL OR s.id = p_id)
        RETURNING s.id)
    SELECT count(*) FROM ended
$$;

-- The mobile to tell that a handler has logged in from where he never was before: address and browser are new together
-- with this session. No row where there is nothing to tell.
CREATE OR REPLACE FUNCTION hall_access_new_place(p_session bytea) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT h.mobile FROM hall_access_websession own
    JOIN registry_handler h ON h.id = own.principal_id AND own.kind = 'handler'
    JOIN hall_access_limits l ON l.login_notice
    WHERE own.token_digest = p_session
      AND EXISTS (SELECT FROM hall_access_websession s
                  WHERE s.kind = own.kind AND s.principal_id = own.principal_id AND s.id < own.id)
      AND NOT EXISTS (SELECT FROM hall_access_websession s
                      WHERE s.kind = own.kind AND s.principal_id = own.principal_id AND s.id < own.id
                        AND s.address = own.address AND s.agent = own.agent)
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
    DELETE FROM hall_access_spentproof WHERE expires_at < p_now;
    DELETE FROM hall_access_look l USING hall_access_tally t
    WHERE l.kind = t.kind AND l.principal_id = t.principal_id AND t.day_since < p_now - interval '2 days';
    DELETE FROM hall_access_tally WHERE day_since < p_now - interval '2 days' AND state <> 'stopped';
    DELETE FROM hall_access_websession WHERE started_at < p_now - interval '180 days';
END $$;
REVOKE EXECUTE ON FUNCTION hall_access_forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_forget TO hpf_{center}_staff;

-- Whose a login is, by the number that stands in the watermark of pages, and for which employer he acts in it, the last
-- that an agent chose. For the audit.
CREATE OR REPLACE FUNCTION hall_access_session_of(p_id bigint)
RETURNS TABLE (kind text, user_name text, name text, employer text, started_at timestamptz, ended_at timestamptz,
               address text, agent text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {center}, pg_temp AS $$
    SELECT s.kind, COALESCE(h.user_name, p.user_name), COALESCE(h.name, p.name), e.name, s.started_at, s.ended_at,
           s.address, s.agent
    FROM hall_access_websession s
    LEFT JOIN registry_handler h ON s.kind = 'handler' AND h.id = s.principal_id
    LEFT JOIN registry_handler a ON s.kind = 'handler' AND a.id = COALESCE(s.acting_id, s.principal_id)
    LEFT JOIN registry_employer e ON e.id = a.employer_id
    LEFT JOIN registry_staff p ON s.kind = 'staff' AND p.id = s.principal_id
    WHERE s.id = p_id
$$;
REVOKE EXECUTE ON FUNCTION hall_access_session_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hall_access_session_of TO hpf_{center}_staff;
