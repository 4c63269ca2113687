// swift-format-ignore-file
// Made by `swiftlet agents update` from crawler-user-agents 1.67, https://github.com/monperrus/crawler-user-agents.
// MIT License, Copyright (c) 2017 Martin Monperrus. `^` and `$` are the beginning and the end of a user agent.

extension BotList {
  static let texts: [(BotClass, StaticString)] = [
    (
      .search,
      #"""
      Googlebot/|Googlebot-Mobile|Googlebot-Image|Googlebot-News|Googlebot-Video|APIs-Google|Google-InspectionTool|Storebot-Google|GoogleOther|bingbot|Slurp|Nutch|\#
      msnbot|jyxobot|FAST-WebCrawler|FAST Enterprise Crawler|BIGLOTRON|Teoma|convera|^Seekbot|Gigabot|Gigablast|exabot|grub.org|UsineNouvelleCrawler|speedy|fluffy|\#
      msrbot|yacybot|tagoobot|woriobot|yanga|yandex.com/bots|purebot|Linguee Bot|voilabot|Baiduspider|scribdbot|Mail.RU_Bot|discobot|findthatfile|IndeedBot|Aboundex|\#
      wbsearchbot|edisterbot|SeznamBot|aiHitBot|Yeti|lb-spider|Sogou News Spider|Sogou Pic Spider|Sogou web spider|Sogou inst spider|Sogou head spider|Sogou Spider|\#
      Sogou-Test-Spider|Sogou Orion spider|wotbox|wocbot|ichiro|DuckDuckBot|acoonbot|openindexspider|coccoc|arabot|WeSEE:Search|360Spider|psbot|fr-crawler|A6-Indexer|\#
      OrangeBot/|Qwantify|Applebot|findxbot|Y!J|OpenHoseBot|IstellaBot|DeuSu/|Cliqzbot/|MojeekBot/|SafeSearch microdata crawler|Gluten Free Crawler/|FemtosearchBot|\#
      Daum/|DuckDuckGo-Favicons-Bot|YisouSpider|ToutiaoSpider|AppEngine-Google|ZumBot|Bot.AraTurka.com|Flamingo_SearchEngine|google-xrawler|\#
      Google-Structured-Data-Testing-Tool|WordupInfoSearch|Google-PhysicalWeb|AddSearchBot|Google Favicon|Jooblebot|Google-Site-Verification|NTENTbot|Amazonbot|\#
      AmazonProductDiscovery|AmazonSellerInitiatedListing|officestorebot|AspiegelBot|JobboerseBot|Google-Certificates-Bridge|PetalBot|trovitBot|Seekport|\#
      Google-Read-Aloud|YandexRenderResourcesBot/|Google-Safety|StractBot|search.marginalia.nu|YouBot|Nicecrawler|Neevabot|AlexandriaOrgBot|INETDEX-BOT|\#
      developers.google.com/+/web/snippet|PhxBot|ImagesiftBot|GeedoBot|GeedoProductSearch|Timpibot|OICrawler|FindFiles.net|FyndSearchEngine-Crawler|\#
      FyndSearchEngine-ReCrawler|Greppr Web Crawler|IbouBot|lyonl-asset-proxy|lyonl-crawler|MagiBot|NestDaddybot|Qwantbot|Scrubby|SMTnetPMBot|stepstoneCrawlBot|\#
      WepchSearchEngine|ZoomInfo-|7Siters|CyberFindCrawler|FediIndex|fiperbot|FleebsBot|MatchorySearch|NapBot|Sosospider|WadooBot|WikiDo|YoudaoBot|ZyBorg|blekkobot|\#
      br-crawler|gsa-crawler|NaverBot|OpenTheBoxBot|Swiftbot|Zealbot|Algolia Crawler|BraveBot|Coveobot|daumoa|Freespoke/|Funnelback|Gabanzabot/|GlobalWebSearch|\#
      Golfe/|GoogleProducer|Googlebot-IA/|IndeedJobBot|intelx.io_bot|jobswithgptcom-bot|Kagibot/|Level9SearchBot/|Owler (ows.eu|PanguBot|PlayStore-Google|\#
      top100.rambler.ru crawler|Searcherweb|Searcherxweb|SearchExpress|SeznamHomepageCrawler/|SiteSearch360/|StartpagePrivateImageProxy/|Swisscows|TheInternetSearchx|\#
      VsuSearchSpider/|GeedoShopProductFinder|IsonSearchBot|
      """#
    ),
    (
      .advertising,
      #"""
      AdsBot-Google|AdsBot-Google-Mobile|Mediapartners-Google|Mediapartners (Googlebot)|Adidxbot|proximic|GrapeshotCrawler|cXensebot|ADmantX|AdvBot|\#
      Google-Adwords-Instant|adbeat_bot|moatbot|OutclicksBot|IAS crawler|adscanner|ContextAd Bot|AdsTxtCrawler|Pulsepoint |outbrain|Clickagy|Eyeotabot|bidswitchbot|\#
      Taboolabot|VoluumDSP-content-bot|CriteoBot|facebookcatalog/|meta-externalads/|Google-Ads-Conversions|A360-Search|AdkernelTopicCrawler|Amazing-SearchBot|\#
      AudigentAdBot|AwarioRendererBot|channable|ContextualBot|^ds9 | DVbot|EcoVadisSustainabilityBot|EzLynx|EzoicBot|McontextualBot|MixrankBot|NanoInteractive|\#
      Netcraft Web Server Survey|NetSeer crawler|NewsRoom.BI|NostoCrawlerBot|;Owler|productsup.io/crawler|Qwarrybot|Scope3|scraping@nytimes.com|uipbot|um-FC|um-IC|\#
      weborama-fetcher|webspidermount|wknd-bot|CybaaBot|SirdataBot|Centro Ads.txt Crawler|Impact.com Agent|peer39_crawler|Pixalate.com|PulsePoint-Crawler|\#
      SpringserveBot|adbeat.com|AmazonAdBot|tracking-quality-spider|BaiduAdsBot|GroovinaAdsbot/|Verity/|AdsBot-IAB|KargoBot-Artemis|MediavineMetadataParser/|MgidBot|\#
      NetShelter ContentScan|Quantcastbot/|SmartologyBot/|SnapchatAds/|TTD-Content|webgains-bot|Yahoo Ad monitoring|Google-AdWords-Express|
      """#
    ),
    (
      .feed,
      #"""
      Feedfetcher-Google|page2rss|Netvibes|Feedly|Fever|g2reader-bot|Miniflux/|Feedspot|BazQux|theoldreader.com|RSSingBot|fedoraplanet|NextCloud|Tiny Tiny RSS|Gwene|\#
      SimplePie|Superfeedr|feedbot|AwarioRssBot|NAVER Blog Rssbot|Atom Feed Robot|rssbot/|BlogTraffic/|FreshRSS|Feedbin|NewsBlur|inoreader|AllAfrica|\#
      artemis web reader|BestChange|BlingERP|Bloglines|Buttondown|CapitalOneBot|Collapsify|+https://currentreader.app|dlvr.it|Feeder /|FeedFlow|Innologica|MagpieRSS|\#
      mail.ru|MailChimp|PodchaserParser|Podimo|qcbot|RSS.Social|ShortPixel|SottopopNone|yelpspider|everyfeed-spider|Feedsearch Bot|Feedsearch-Crawler|\#
      rss-is-dead.lol web bot|NicheIndex|YandoriRSSBot|Blogtrottr|rss-parser|CommaFeed|FeedBurner|feeder.co|Feedpresso Content Index Bot|Feedwind|FlipboardRSS|\#
      MonitoRSS/|OpenRSS|Cozi-iCalendar-FeedReader|Overcast/|PocketCasts/|Protopage/|RSSAPI/|rss2tg|RssReaderBot|ScourRSSBot/|Specificfeeds|upday/|
      """#
    ),
    (
      .library,
      #"""
      wget|Wget|Python-urllib|python-requests|aiohttp|httpx|libwww-perl|httpunit|Go-http-client|phpcrawl|HTTrack|SimpleCrawler|crawler4j|Scrapy|Pcore-HTTP|okhttp|\#
      AHC/|^Apache-HttpClient|Jetty|http_get|newspaper/|BTWebClient|axios|Amazon CloudFront|HttpUrlConnection|AnyEvent|^curl|^PHP-Curl-Class|node-fetch|\#
      python-opengraph|sindresorhus/got|ALittle Client|colly|mechanize|Mechanize|CustomAsyncHttpClient|^HTTPie/|Salesforce.com|trafilatura|Download Ninja|GoParserBot|\#
      larbin|lwp-trivial|rawweb-bot|
      """#
    ),
    (
      .socialPreview,
      #"""
      LinkedInBot|facebookexternalhit|Twitterbot|Facebot|TweetmemeBot|AddThis|Slack-ImgProxy|Embedly|SkypeUriPreview|Slackbot|redditbot|WhatsApp|pinterest.com/bot|\#
      BingPreview/|Yahoo Link Preview|Discordbot|TelegramBot|Jetslide|newsharecounts|EveryoneSocialBot|NING/|Mastodon|Hatena|Google Web Preview|FlipboardProxy|\#
      vkShare|Friendica|VKRobot|Viber|Snap URL Preview Service|Valve/Steam|OdklBot/|Linespider|Synapse|Iframely|GroupMeBot|meta-externalfetcher/|KeybaseBot|Lemmy|\#
      SummalyBot|MicrosoftPreview/|meta-webindexer|^ArenaUnfurlBot|AASA-Bot|bluesky-domain-status-classifier|Bluesky/|BufferLinkPreviewBot|ClickUpLinkUnfurler|\#
      EvernoteRichLinkBot|Goodreads|LMArenaUnfurlBot|Mediumbot-MetaTagFetcher|MetaIAB Facebook|Quora-Bot|CodaBot|Dazzle BlueSky Bot|Supabase Paired Crawler|Xing Bot|\#
      BlueskyPreviewBot|Chatwork LinkPreview|DingTalkBot-LinkService|Discourse Forum Onebox|FastmailUA|GG PeekBot|github-camo|GoogleImageProxy|LoomlyBot|dbot)|\#
      Mattermost-Bot/|Meta-ExternalHit/|OpenGraph.io/|Orlo-LinkPreview/|Shortwave Image Fetcher|SnapURLPreview/|TwilioProxy/|YahooMailProxy|Notion/|Tumblr/|\#
      ListGemBot|9bot/|
      """#
    ),
    (
      .archiver,
      #"""
      ia_archiver|heritrix|europarchive.org|web-archive-net.com.bot|CC Metadata Scaper|bnf.fr_bot|archive.org_bot|Trove|LinkArchiver|ArchiveBot|Wayback|Archive-It|\#
      Authory|bl.uk_lddc_bot|bne.es_bot|SmarshBot|Bibliotheque Nacional de France Crawler|kaikki.org-digital-archive|kb.dk_bot|Library Of Congress Web Archiving|\#
      MirrorWebCrawler|NLUX_IAHarvester|WebZIP|CyotekWebCopy|SiteSucker|WebCapture|WebCopier|ArchiveBox|ArquivoBot|Arquivo-web-crawler|BnFBot|bl.uk_ldfc_bot|\#
      LAC_IAHarvester|loc.gov/programs/web-archiving|LinkAce/|Miniature.io/|mirrorweb.com|NLNZ_IAHarvester|Offline Explorer|XY-Archive-Compliance|
      """#
    ),
    (
      .seo,
      #"""
      GingerCrawler|netresearchserver|findlink|panscient|ips-agent|MJ12bot|buzzbot|mlbot|spbot|twengabot|postrank|sitebot|linkdex|ezooms|dotbot|NerdByNature.Bot|\#
      sistrix crawler|sistrix Crawler|SISTRIX crawler|SISTRIX Crawler|AhrefsBot|AhrefsSiteAudit|fuelbot|^CrunchBot|mappydata|woobot|ZoominfoBot|PrivacyAwareBot|\#
      Multiviewbot|SWIMGBot|Grobbot|eright|Apercite|semanticbot|domaincrawler|summify|gslfbot|intelium_bot|RetrevoPageAnalyzer|lssbot|careerbot|lssrocketcrawler|\#
      drupact|webcompanycrawler|gnam gnam spider|backlinkcrawler|content crawler spider|toplistbot|it2media-domain-crawler|siteexplorer.info|elisabot|niki-bot|\#
      CrystalSemanticsBot|rogerbot|InterfaxScanBot|g00g1e.net|urlappendbot|brainobot|smtbot|memorybot|MegaIndex|nerdybot|xovibot|SemrushBot|SeMrushBot|SEmrushBot|\#
      SEMrushBot|yoozBot|lipperhey|Domain Re-Animator Bot|Screaming Frog SEO Spider|MetaURI|Livelapbot|LivelapBot|collection@infegy.com|betaBot|netEstate NE Crawler|\#
      RankSonic|; Sonic/|Sysomos|deadlinkchecker|RankActiveLinkBot|iskanie|Veoozbot|datagnionbot|contxbot|electricmonk|GarlikCrawler|vebidoobot|MetaJobBot|\#
      DomainStatsBot|mindUpBot|Xenu Link Sleuth|KosmioBot|Gowikibot|PiplBot|James BOT|Barkrowler|BarkRowler|TinEye|SocialRankIOBot|trendictionbot|Ocarinabot|epicbot|\#
      Primalbot|GnowitNewsbot|Leikibot|YaK/|PaperLiBot|Digg Deeper|^dcrawl|Snacktory|AndersPinkBot|Fyrebot|Luminator-robots|ExtLinksBot|SurveyBot|Nuzzel|omgili|\#
      PocketParser|um-LN|MuckRack|Jamie's Spider|Laserlikebot|Upflow|Traackr.com|Twurly|DnyzBot|botify|007ac9 Crawler|BehloolBot|BrandVerity|BDCbot|EZID|BLP_bbot|\#
      BomboraBot|Companybook-Crawler|Genieo|magpie-crawler|MeltwaterNews|Moreover|ScoutJet|StorygizeBot|seoscanners|MauiBot|AlphaBot|acapbot|bitlybot|blogmuraBot|\#
      bot-pge.chlooe.com|BoxcarBot|Digincore bot|Disqus|Fetch/|G2 Web Services|imrbot|Kemvibot|Landau-Media-Spider|linkapediabot|BLEXBot/|ZuperlistBot/|Diffbot/|\#
      SEOkicks|tracemyfile|Nimbostratus-Bot|PR-CY.RU|Datafeedwatch|TangibleeBot|CloudFlare-Prefetch|WebDataStats|ZoomBot|VelenPublicWebCrawler|MoodleBot|jpg-newsbot|\#
      ICBot/|Twingly|Rivva|awesomecrawler|Dataprovider.com|GroupHigh/|2ip.ru|Caliperbot|MBCrawler|online-webceo-bot|B2B Bot|HubSpot|serpstatbot/|MixnodeCache/|\#
      SimpleScraper|RegionStuttgartBot|Datanyze|TrendsmapResolver|tweetedtimes|SearchAtlas|SerendeputyBot|Neticle Crawler|SurdotlyBot|LinkisBot|AwarioSmartBot|\#
      RyteBot|zenback bot|SentiBot|Domains Project/|Pandalytics|tigerbot|PagePeeker/|startmebot/|seewithkids|Cutbot|BublupBot|BrandONbot|RidderBot|FindITAnswersbot|\#
      infoobot|Refindbot|SeobilityBot|Cincraw|Dragonbot|BitBot|centurybot|e.ventures Investment Crawler|evc-batch|seostar.co|IonCrawl|ev-crawler/|woorankreview/|\#
      AwarioBot|DataForSeoBot|WellKnownBot|BrightEdge Crawler|SiteCheckerBotCrawler|TombaPublicWebCrawler|CrawlyProjectCrawler|KomodiaBot|KStandBot|MTRobot|\#
      hyscore.io|2ip bot|Yellowbrandprotectionbot|SEOlizer|vuhuvBot|t3versionsBot|Cocolyzebot|hypestat|sempi.tech|MetaInspector|OpenGraphCheck|SenutoBot|PageThing|\#
      WordPress/|^BW/|Audisto Crawler|Vercelbot|vercel-screenshot|OnCrawl/|sitebulb|YextBot/|SERankingBacklinksBot|CMSChecker|SlaccaleBot|webzio|Attracta|\#
      Cloudflare-Custom-Hostname-Verification|Cloudflare-Stream-Webhook|Cloudtrellis|Convermax|DeepCrawl|LinkCheckerBot|ModernizeBot|Nitro-|NitroBot|RSiteAuditor|\#
      seo4ajax.com|StatusNestBacklinkSpider|XoviOnpageCrawler|seoLyt|SitesOverPagesBot|Website-info.net-Robot|cognitiveseo.com|XML Sitemaps Generator|^008/|AdagioBot|\#
      AdminLabs|advanced_crawler|Adventurer|AGAKIDSBOT|AgencyAnalyticsBot|alexa site audit|alienfarm|allOrigins|AppSiteAssociation|Aragog/|Asana/|AudistoBot|BDBot/|\#
      BeeperBot|BigUpDataBot|Bitbucket-Webhooks|BoardGamePricesBot|BotPoke|BDFetch|Brandwatch|brokenlinkcheck.com|; BW/|Bushbaby|Butterfly|CaliberBot|\#
      CapitalOneShopping|centuryb.o.t9|certytags|ChargeBeeBot|Charlotte|Goodzer|Chrome Privacy Preserving Prefetch Proxy|CirrusExplorer|Clearscopebot|WorldBot|\#
      Cloudflare-Stream-Hook|cognitiveSEO Bot|contentkingapp|Cotoyogi|Crawlson|RepoLookoutBot|Criticalcss.com|DnBCrawler|DomCopBot|Dlc/|easybill-ImportManager|\#
      EchoboxBot/|crusty/|CXK_Bot|DaspeedBot|Dead Link Checker|Deskyobot|DF Bot|Dmbot|SustainabilityCrawler|edansbot|eMoneyBot|EpivozCrawler|eRepublik.tools|\#
      ExodusMovement|Ezgif|factset_spyderbot|FDL Stats Bot|Fedicabot|FedReporterDataBot|fidget-spinner-bot|FirmoGraph|Friendly testing bot|friendly-spider|\#
      FriendlyCrawler/|FullStoryBot/|FuseonBot/|gdnplus.com|getthit.com|Google-Apps-Script|GoogleAssociationService/|Google-Area120|GoogleAssociationService$|\#
      GoogleDocs|GoPay|Grammarly/|gregcrawler|Grover/|GuestpostsBot/|HappyWing|harsilbot/|HawaiiBot|hCardValidator|Hello World|HelloworkJobPostingBot/|HIFIBot/|\#
      Hlidam.to robot|Hotjar|Huckabot/|Hype Machine/|Web Screen Service By hyperhost|IBM Crawler|IFTTT/|ImageFetcher/|imgproxy/|impendoom-bot/|Innguma/|Instapaper/|\#
      Integromat/|Jumio|KangarooBot/|kazbtbot/|keys-so-bot|kinsta-bot|Klaviyo/|Kukei.eu-Bot/|LastModBot/|LinkTiger|LinksIndexerBot/|LinkWalker/|Macrobondbot|MADBbot/|\#
      Magellan|magicsearchdev/|Magnet.me-web/|MainWP/|Make/|ManageWP|MarketGoo/|MarketingMiner|Mavifinds|MB-LinkChecker|MedialogiaBot|MediaMonitoringBot/|Pywikibot/|\#
      CentComBot/|MergadoBot|Metorik|MissinglettrBot/|crawler_eb_germany|ModularConnector/|Mollie HTTP client|Monibot|MonTools.com|MotoMinerBot/|my-tiny-bot|MyBot/|\#
      nbertaupete95|NetAPI|NetpeakCheckerBot/|nyt_scraping|NewsNow/|nomore404.com robot|noorobot|Nooshub/|Notabot|Novaact/|nvdorz|Odin;|Omnisend/|Online Domain Tools|\#
      WebCEO Online/|Operator/|Orbbot/|zebra-v2-bot|OutsellURLValidator|Paqlebot/|parse.ly scraper/|PayPal/|PDF24 URL To PDF|Plesk screenshot bot|Potions/|\#
      PressEngineBot|PricedroneShoppingBot/|PriEcoBot/|PrintFriendly.com|Pro-Sitemaps/|PS_Daily/|PWABuilderHttpAgent|QualifiedBot/|rakutenusabot-image/|RankurBot/|\#
      RavenCrawler/|Readable/|Recurly Webhooks/|Reelevant/|remove.bg/|Retool/|RetroListeCOM/|RevvimGort/|reward-gateway|RobotsChecker/|s4a-probe-bot/|SFDC-Callout/|\#
      page-preview-tool|SandobaCrawler/|GIFTEDVISITOR SCAN|Schema-Markup-Validator|Scoop.it/|ScrapeheroBot/|screeenly-bot|SEBot-WA|semaltbot/|SendGrid Event API|\#
      seo-audit-check-bot/|s4a/|ClarityBot/|SeoSiteCheckup|SeoulBot|SERPtimizerBot|ServerHunterSpider/|Shopify-Captain-Hook|Sidetrade indexer bot|^Silk/|\#
      SinceraSyntheticUser/|Optimizer)|SiteAuditBot/|SiteCheck-sitecrawl|SiteScoreBot|Konturbot/|SkroutzBot|SkyworkSpider|SlickBot/|Snipcart/|Sora POS/|SparkShipping|\#
      SparkPost|IDG/EU|SSSSBot/|Stape/|Statabot/|StatistikAustria/|StatsDroneBot|Stripe/|Svix-Webhooks/|SwifteqLinkChecker|TactiScout/|tchelebi/|Testcrawler|test-bot|\#
      TestURI|TextRazor|Trellis-Services|trentwil.es|Trustly/|Tweakers|UASlinkChecker/|Urlcheckr/|URLSuMaBot|useeBookChecker/|Vagabondo/|videootvBot|WARDBot/|Webflow|\#
      webprosbot/|WebSniffer/|WSM/|WebwikiBot/|WhatsMyIP.org|Wheregoes.com|WireReaderBot/|wmtips.com/|WordCountBot/|Wordup-1|workona-favicon-service/|Indy Library|\#
      WJHRO/|WovnCrawler/|wowLink Crawler/|WP Time Capsule|wpbot/|WPMU DEV Broken Link Checker|WRTNBot|YahooCacheSystem|YokoyGroupAG/|Yuuperbot|Zapier|\#
      Zendesk Webhook|Zombiebot/|zzhbot|Penthouse Critical Path CSS Generator|Skroutz ImageBot|
      """#
    ),
    (
      .monitor,
      #"""
      webmon |changedetection|CapsuleChecker|pingdom|Pingdom|AppInsights|Mediatoolkitbot|check_http|Buck/|^sentry/| sentry/|UptimeRobot|Baidu-YunGuanCe|\#
      Siteimprove.com|DareBoost|Zabbix|CloudFlare-AlwaysOnline|Cloudflare-Healthchecks|Cloudflare-Traffic-Manager|W3C_Validator|Validator.nu|W3C-checklink|\#
      W3C-mobileOK|W3C_I18n-Checker|FeedValidator|W3C_CSS_Validator|W3C_Unicorn|Experibot|Uptimebot.org|Chrome-Lighthouse|CheckMarkNetwork/|www.uptime.com|\#
      Streamline3Bot/|FreeWebMonitoring SiteChecker|NIXStatsbot|Curebot|curebot|Vigil/|Dubbotbot|^PTST/| PTST/|minicrawler|Uptime-Kuma|FreshpingBot|Better Uptime Bot|\#
      RuxitSynthetic|deepnoc|Monsidobot|Hydrozen.io|DatadogSynthetics|ObservePoint|Checkly|StatusCake|AccessStatus|Acquia optimize|ActiveComply|AlertSite|Automaton|\#
      Newsify Feed Fetcher|Blockaid|BlogVault|Bugsnag|Chirp|gotosocial|CloudflareRadarURLScanner|cludo|Cludo|Crazy Egg|Dotcom-Monitor|DrataAutopilot|\#
      DreamHost Data Team|elmah.io Uptime Monitoring|FastDAST|Google Trust Services|HoneybadgerBot|Known Agent|MontasticMonitor|Netumo|netumo|NewRelicSynthetics|\#
      Noibu|OneTrust|ParselySharesBot|Qualys|Scrunchbot|SequelWP|ServerDensity|Silktide|SiteLock|Splunk|ThousandEyes|UptimeStatistics|Watchbot monitoring robot|\#
      Watchful|WPMU DEV Hub|Accessible Web Bot|AtVowBot|Bling ERP|Critical CSS Bot|Dark Visitor|Determ|Drupalbot|eMoney Advisor|FediDB|FediList Agent|\#
      FedReporter Bot for FFIEC|Freshbot|GenomeCrawlerd|HaloBot|MagnetmeBot|Minoru's Fediverse Crawler|ModatScanner|New York Times Newsgathering|NoahBot|PlagAwareBot|\#
      Rakuten Image extraction bot|SleepBot|Termly|videootv Bot|vmcrawl|WOVN Crawler|ABEvalBot|BuddyBot|CapterraBot|carbon-umbrella-bot|caveman-hunter|WISEbot|\#
      Corporama matcher|Datadog Agent|DominicBot|Dow Jones Searchbot|fedistatsCrawler|HanaleiBot|HeadOnlyScraper|SENTINEL-LinkCheck|linko|LinkpadBot|Magus Bot|\#
      loopimprovements.com|OWLer-W|Poduptime|Pomothy-Bot|Sindup|SQWatcher|sv-watchagent|SynthesiBot|TSMbot|UrlSuMa.de crawler|monitoring360bot/|BetterUptimeBot|\#
      BinaryCanary|Catchpoint|CheckHost|Cloudflare-Validator|cloudflare-csup|Cloudflare-Custom-Error-Page-Crawler|Cloudflare-SpeedTest|cron-job.org|DMBrowser|\#
      downnotifier.com|DowntimeDetector/|EasyCron/|easyDNS Monitoring|Cronless|EdgeWatch|elmahio-uptimebot|EvoUptimeBot|GoogleStackdriverMonitoring|\#
      GotSiteMonitor.com|synthetic-monitoring-agent/|GTmetrix|HetrixTools|Honeybadger Uptime Check|HostTracker/|internetVista monitor|Irokez.cz monitoring|IsDownBot/|\#
      UptimeBot/|jetmon/|keycdn-tools/|LogicMonitor|monitis -|MonSpark/|montastic-monitor|MxToolbox|NETVIGIE|NewRelicbot/|NodePing|OhDear/|OnlineOrNot.com_bot|\#
      PRTGCloudBot/|Pagespeed/|Panopta|PingAdmin.Ru/|pingping.io/|Blackbox Exporter/|pulsetic.com|Rackspace Monitoring/|RED/|SentryUptimeBot/|\#
      Server Density Service Monitoring|Site24x7|SiteUptime.com|solarwinds/|Spectate/|Rigor)|Datadog Synthetic|updown.io|Uptime/|uptimedoctor|Uptimia|uptrends|\#
      WebsiteOps|WatchMouse|websitepulse|WEDOS OnLine|wheresitup.com/|WormlyBot|WPUmbrella|WPMUDEV Uptime Monitor|YLT Chrome|PRTG Network Monitor|WatchForBot|\#
      InfoSifter|
      """#
    ),
    (
      .scanner,
      #"""
      antibot|CyberPatrol|ec2linkfinder|ip-web-crawler.com|binlar|ltx71|SafeDNSBot|Jugendschutzprogramm-Crawler|NetcraftSurveyAgent|filterdb.iss.net/crawler|SBL-BOT|\#
      K7MLWCBot|zgrab|Cloudflare-SSLDetector|https://developers.cloudflare.com/security-center/|Nmap Scripting Engine|UT-Dorkbot|NINJA bot|virustotal|Cookiebot|\#
      LightspeedSystemsCrawler|BitSightBot/|ReverseEngineeringBot|l9explore|NetSystemsResearch|Expanse, a Palo Alto Networks company|CookieHubScan|\#
      HTTP Banner Detection|CensysInspect/|AliyunSecBot|Nikto|sqlmap|ZmEu|masscan|WPScan|acunetix|Acunetix|Nessus|dirBuster|dirbuster|DirBuster|Dirbuster|\#
      air.ai/scanning|asnriskscorer|l9scan|BrowserBot-Observer|CertChief|cookie-maestro|CookieHubVerify|CookieYesbot|cypex.ai/scanning|DigiCert DCV|Hardenize|\#
      KrawlerBot|Netcraft SSL Server Survey|Software-Security-Research|Verispider|visionheight.com/scan|WTotem|DNSScanner|TLS tester|UrlBeeBot|EmailWolf|Keydrop.io|\#
      WanscannerBot|AkismetBot|ArtemisBot|Bad Neighborhood Header Detector|BlackDuck-FD|CERT PL|Cloudflare-Radar-Scanner|CookieHub Bot|Dratabot|csirt.cz|Detectify|\#
      Do Not Track Verifier|Feed Image Audit|Foregenix|Google-Trust-Services/|hstspreload-bot|ISSCyberRiskCrawler/|iubenda-radar/|LegalMonster|Let's Encrypt|MRGbot/|\#
      NsToolsBot/|OpenVAS|ProbelySPDR/|ProjectShield-UrlCheck|Riddler (http://riddler.io|Sansec Security Monitor/|SecurityHeaders|TwinWaveScanner|\#
      SSL Labs (https://www.ssllabs.com|Sucuri|bitdiscovery|Test Certificate Info|Unshorten.It!|VaultPress|WhatWeb/|WPSec/|abuse.xmco.fr|SSL Labs$|watchTowr|
      """#
    ),
    (
      .ai,
      #"""
      AISearchBot|CCBot|Bytespider|GPTBot|ChatGPT-User|OAI-SearchBot|PerplexityBot/|claudebot|claudeBot|Claudebot|ClaudeBot|meta-externalagent/|TikTokSpider|\#
      SBIntuitionsBot/|Claude-Web|anthropic-ai|Claude-User|Claude-SearchBot|Google-Extended|cohere-ai|Gemini-Deep-Research|Perplexity-User|PerplexityUser|\#
      DuckAssistBot|MistralAI-User|newsai/|Amzn-SearchBot|Amzn-User|Anomura|ApifyBot|ApifyWebsiteContentCrawler|atlassian-bot|AzureAI-SearchBot|bigsur.ai|Brightbot|\#
      Channel3Bot|Cloudflare-AutoRAG|FacebookBot|FirecrawlAgent|Google-NotebookLM|imageSpider|kagi-fetcher|Kangaroo Bot|laion-huggingface-processor|LinkupBot|\#
      PhindBot|Poggio-Citations|ShapBot|+https://www.spider.com|TavilyBot|ZanistaBot|ExteContextCrawl|Flyriverbot|Aranet-SearchBot|crawl4ai|DeepSeekBot|iaskspider|\#
      KunatoCrawler|TerraCotta|HenkBot|semantic-visions|TaraGroup Intelligent Bot|Thinkbot|TSM-turingos|AI2Bot|KendraBot|ChatGLM-Spider|cohere-training-data-crawler|\#
      Devin|Google-CloudVertexBot|iAskBot/|ImageMind|img2dataset|LinerBot/|Novellum|linkReader/|Spawning-AI|The Knowledge AI|IsonAI-User|
      """#
    ),
    (
      .other,
      #"""
      citeseerxbot|Turnitin|integromedb|SemanticScholarBot|BUbiNG|Thinklab|ICC-Crawler|^LCC |Blackboard|A Patent Crawler|CISPA Webcrawler|MaCoCu|InternetMeasurement|\#
      AcademicBotRTU|CDSCbot|Fedineko|Gaisbot|IRLbot|mithril-crawler|ResearchBot|UGAResearchAgent|Aranea|Autoconfig Test from USTC|CLASSLA-web|\#
      researchscan.comsys.rwth-aachen.de|EasyBib AutoCite|Gulper Web Bot|SpiderLing|thesis-research-bot|hgfAlphaXCrawl/|vu-server-health-scanner/|Web Measure/|Citoid|\#
      ZoteroTranslationServer/WMF|
      """#
    ),
    (
      .automation,
      #"""
      PhantomJS|HeadlessChrome|Playwright|Puppeteer|Selenium|Amazon-Bedrock-AgentCore-Browser|AmazonBuyForMe|Anchor Browser|Code/1.|Google-Agent|Google-Gemini-CLI|\#
      GoogleAgent-Mariner|Manus-User|opencode-smartfetch|Trae/|TwinAgent|Fluid|Ghost Inspector|splash Version/|TestLocally/|
      """#
    ),
  ]
}
