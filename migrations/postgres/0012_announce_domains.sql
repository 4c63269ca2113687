-- Each change of a domain is announced: workers remember the list of all domains.
--
-- A row of outbox without a slug stands for that list. Whoever changes a domain needs the right to insert into
-- outbox.
CREATE FUNCTION announce_domain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox (link, domain, slug) VALUES (0, coalesce(NEW.authority, OLD.authority), '');
  RETURN NULL;
END
$$;

CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON domains
  FOR EACH ROW EXECUTE FUNCTION announce_domain();
