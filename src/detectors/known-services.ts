/**
 * Registered domains of services that ordinary machines call home to at regular intervals: updates, push, telemetry,
 * synchronisation, revocation lists, security products. Hosting anybody can rent is not among them.
 */
export const ROUTINE_SERVICES: readonly string[] = `
microsoft.com windows.com windowsupdate.com office.com office.net office365.com live.com live.net
outlook.com msn.com bing.com bing.net skype.com msftncsi.com msftconnecttest.com msedge.net microsoftonline.com
msocsp.com sharepoint.com onedrive.com xboxlive.com s-microsoft.com
services.visualstudio.com marketplace.visualstudio.com code.visualstudio.com vscode-cdn.net digicert.com
google.com gstatic.com googleapis.com gvt1.com gvt2.com gvt3.com youtube.com ytimg.com google-analytics.com
googlevideo.com ggpht.com doubleclick.net googlesyndication.com crashlytics.com android.com
lh3.googleusercontent.com lh4.googleusercontent.com lh5.googleusercontent.com lh6.googleusercontent.com
ci3.googleusercontent.com yt3.googleusercontent.com play-lh.googleusercontent.com
apple.com icloud.com mzstatic.com cdn-apple.com apple-dns.net aaplimg.com
mozilla.com mozilla.org mozilla.net firefox.com thunderbird.net brave.com opera.com vivaldi.com
adobe.com adobe.io typekit.com oracle.com java.com vmware.com citrix.com autodesk.com
dropbox.com dropboxapi.com dropboxstatic.com box.com evernote.com notion.so
slack.com slack-edge.com slack-msgs.com zoom.us webex.com teamviewer.com discord.com discord.gg discordapp.com
telegram.org whatsapp.com whatsapp.net signal.org facebook.com fbcdn.net instagram.com twitter.com twimg.com x.com
linkedin.com licdn.com reddit.com spotify.com scdn.co netflix.com nflxvideo.net twitch.tv
github.com avatars.githubusercontent.com copilot-proxy.githubusercontent.com gitlab.com bitbucket.org npmjs.org pypi.org docker.com docker.io
ubuntu.com canonical.com snapcraft.io debian.org fedoraproject.org redhat.com centos.org opensuse.org suse.com
archlinux.org alpinelinux.org raspberrypi.org freebsd.org kernel.org launchpad.net
digitalocean.com cloudflare.com cloudflare-dns.com cloudflareinsights.com
intel.com amd.com nvidia.com dell.com hp.com lenovo.com asus.com logitech.com synology.com qnap.com ui.com ubnt.com
mikrotik.com cisco.com meraki.com fortinet.com fortiguard.com paloaltonetworks.com checkpoint.com sonicwall.com
eset.com eset.eu avast.com avg.com avira.com kaspersky.com kaspersky-labs.com symantec.com symcb.com symcd.com
norton.com mcafee.com trellix.com sophos.com sophosupd.com bitdefender.com bitdefender.net trendmicro.com
f-secure.com drweb.com malwarebytes.com malwarebytes.org crowdstrike.com sentinelone.net cylance.com webroot.com
lencr.org letsencrypt.org sectigo.com comodoca.com usertrust.com globalsign.com globalsign.net entrust.net
godaddy.com verisign.com identrust.com amazontrust.com ocsp.pki.goog pki.goog
steampowered.com steamcontent.com steamstatic.com epicgames.com ea.com battle.net riotgames.com playstation.net
nintendo.net sonos.com roku.com amazon.com amazon-adsystem.com amazonalexa.com nest.com ring.com
lastpass.com 1password.com bitwarden.com grammarly.com grammarly.io sentry.io newrelic.com nr-data.net datadoghq.com
ntp.org pool.ntp.org nist.gov
quad9.net dns.google one.one.one.one opendns.com adguard-dns.com nextdns.io cleanbrowsing.org controld.com
mozilla.cloudflare-dns.com
`
  .split(/\s+/)
  .filter((name) => name !== '')

/** Names that nobody can register: a network's own, as long as a resolver of its own is asked. */
export const LOCAL_ZONES: readonly string[] = ['local', 'lan', 'home', 'localdomain', 'internal', 'home.arpa']

/**
 * Registered domains below which look-ups carry data on purpose: block lists, reputation and signatures of security
 * products, reverse zones, content networks whose names are made by machine.
 */
export const LOOKUP_SERVICES: readonly string[] = `
in-addr.arpa ip6.arpa e164.arpa msbl.org abusix.zone abusix.org spameatingmonkey.net gbudb.net amazonses.com
mailspike.org rspamd.com hostkarma.com junkemailfilter.com dkim.org mtasts.org senderbase.com mxrate.net
spamhaus.org spamhaus.net spamcop.net sorbs.net barracudacentral.org barracudabrts.com surbl.org uribl.com
dnswl.org abuseat.org uceprotect.net mailspike.net senderscore.com senderbase.org njabl.org dnsbl.info
rhsbl.org invaluement.com nixspam.org abuse.ch abuse.net habeas.com isipp.com fmb.la 0spam.org backscatterer.org
psbl.surriel.com surriel.com wpbl.info dronebl.org efnetrbl.org projecthoneypot.org dnsbl.net.au cymru.com
mcafee.com trellix.com sophosxl.net sophosxl.com sophos.com trendmicro.com trendmicro.co.jp kaspersky.com
kaspersky-labs.com bitdefender.net bitdefender.com f-secure.com symantec.com nortondns.com avast.com avg.com
avira.com e5.sk eset.com eset.systems drweb.com webroot.com webcfs00.com webcfs03.com cnr.io fireeyecloud.com
fortinet.com fortiguard.net fortiguard.com zvelo.com brightcloud.com opendns.com umbrella.com paloaltonetworks.com
akamai.net akamaiedge.net akadns.net akamaized.net edgekey.net edgesuite.net akamaihd.net akam.net
cloudfront.net fastly.net fastlylb.net googlevideo.com googleusercontent.com gvt1.com gvt2.com 1e100.net
gstatic.com google.com googleapis.com doubleclick.net googlesyndication.com
amazonaws.com awsdns.com azureedge.net azure.com azurefd.net trafficmanager.net windows.net cloudapp.net
cloudapp.azure.com microsoft.com windows.com office.com office.net live.com msedge.net windowsupdate.com
facebook.com fbcdn.net whatsapp.net apple.com icloud.com aaplimg.com cloudflare.com cloudflare.net cdn77.org
cedexis.com cedexis-radar.net nflxvideo.net llnwd.net footprint.net edgecastcdn.net stackpathdns.com
tumblr.com blogspot.com wordpress.com slack.com dropbox.com spotify.com
conviva.com scorecardresearch.com adnxs.com rubiconproject.com
`
  .split(/\s+/)
  .filter((name) => name !== '')
