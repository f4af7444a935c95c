/**
 * What texts of the state have in common, the commonest last. It is part of the form of the file: what was packed with it is read with it. It
 * is never changed; other words are another list with a number of its own in `packed-text.ts`.
 */
export const WORDS_1 = [
  '"cure":"Give each user a portrait of their own."}',
  '"cure":"Add a master, or copy the cloud photo with --rule stores-disagree."}',
  '"cure":"Supply a portrait of at least 240 pixels, or lower policy.minimumPixels."}',
  '"cure":"Name the right file for the user in the mapping file (source.mapping), or remove the other one."}',
  '"cure":"Rename the file, add a row to the mapping file, or add a pattern; `photodrift masters --suggest` proposes near matches."}',
  'ambiguous-master duplicate-master master-too-small master-without-user unreadable-master unsuitable-master "tried":["{upn}: fits no user","{first} {last}: fits no user"]',
  "list-entry-without-user changed-in-tenant removed-in-tenant consent-withdrawn propagation-pending user-elsewhere write-blocked unreadable pinned",
  '"severity":"critical","drift":true "kind":"waits","actions":[]},"kind":"none","actions":[]},"delete-thumbnail"]},"delete-photo"]}',
  ',"expected":{"user":"one user"},"actual":{"file":"/User Photos/Profile Pictures/","etag":"\\"{","modifiedAt":"2025-01-01T00:00:00Z"},"summary":" belongs to no user of the tenant."',
  '"rule":"stores-disagree","expected":{"samePictureAs":"sharepoint/"cloud":{"photo":"present","sharePoint":{"photo":"present","verdict":null,"evidence":null}},"summary":"No master, and the cloud photo and SharePoint\'s thumbnail show different pictures."',
  '"rule":"license-without-mailbox","severity":"info","drift":false,"expected":{"mailbox":true},"actual":{"mailbox":false,"thumbnailsWrong":0},"summary":"No mailbox: SharePoint will never pull this photo by itself; its thumbnails are right.","remedy":{"kind":"none","actions":[]}',
  '"rule":"oversized-directory-photo","attribution":"no-mailbox","atMostBytes":102400},"summary":"The directory photo has 128 KB, more than the 100 KB that the directory takes."',
  " somebody took it away. Consent was withdrawn, but still holds a photo. has not caught up with the photo of yet. Pinned: Accepted: fits no user of the tenant. could not be read:",
  '"rule":"upscaled-photo" has the right picture with the detail of a much smaller one."',
  '"rule":"wrong-dimensions","severity":"warning","square":true,"atLeast":200},"fault":"too-small"},"summary":" has 96 x 96 pixels, less than 200."',
  '"rule":"low-resolution","severity":"warning" has the right picture at 96 x 96 pixels; the master has 600 x 600."',
  '"rule":"placeholder-image","accounts":3},"summary":" shows a picture that stands on 3 accounts."',
  '"rule":"wrong-person","severity":"critical","shows":{"upn":"","master":"","retired":false}},"summary":" shows the master of "',
  '"rule":"reframed-photo","severity":"warning","drift":false"verdict":"reframed" shows the master in another crop, or another shot of the same sitting."',
  '"rule":"profile-property-mismatch","/profile","attribution":null,"cause":"unknown","expected":{"pictureUrl":"https://-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/_MThumb.jpg","placeholderState":"0"},"actual":{"pictureUrl":"","placeholderState":"0","exchangeSyncState":"1"},"summary":"SharePoint profile: PictureURL is empty although thumbnails exist.","remedy":{"kind":"automatic","actions":["set-picture-properties"]}',
  '"rule":"user-without-master","severity":"info","drift":false,"expected":{"master":"a file that fits the user"},"actual":{"master":null},"summary":"No master portrait fits this user.","remedy":{"kind":"manual","actions":[],"cure":"Add a portrait to the source folder, or name one in the mapping file; `photodrift masters --suggest` proposes near matches."},"firstSeen":"2026',
  '"rule":"stale-photo","severity":"error","drift":true,"verdict":"recoloured","shows":"recoloured"},"shows":"unknown"},"shows":"retired"},"summary":"Exchange shows the master in other colours or tones.","verdict":"different","evidence":{"framing":null,"hashBits":128,"hp32":-0.094,"hp64":-0.077,"registration":0.462,"detailRatio":1.551,"thresholds":"6/4"}',
  '{"kind":"present","accountName":"i:0#.f|membership|@contoso.com","pictureUrl":"https://contoso-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/_contoso_com_MThumb.jpg","placeholderState":"0","exchangeSyncState":"1","timestamp":"6387","personalSiteHost":"contoso-my.sharepoint.com"}',
  '{"kind":"same","upscaled":false,"distorted":false,"evidence":{"identical":true,"framing":"whole","hashBits":0,"hp32":0.99,"hp64":0.99,"hp32Flipped":0.,"local":1,"registration":null,"detailRatio":null,"enlargement":null,"placeholderScore":0.,"colour":null},"thresholds":"6/1"}',
  '{"kind":"same","upscaled":false,"distorted":false,"evidence":{"identical":false,"framing":"chosen-crop","hashBits":2,"hp32":0.9988,"hp64":0.995,"hp32Flipped":0.58,"local":0.994,"registration":null,"detailRatio":null,"enlargement":null,"placeholderScore":0.36,"colour":{"changedShare":0.0078125,"lightness":1.00,"contrast":0.99,"cast":0.1,"saturation":0.97}},"thresholds":"6/4"}',
  '"actual":{"photo":"present","width":648,"height":648,"bytes":null,"etag":"\\"","sha256":"","verdict":"same","evidence":{"framing":"chosen-crop","hashBits":0,"hp32":0.999,"hp64":0.99,"registration":null,"detailRatio":0.983,"colour":{"changedShare":0,"lightness":1.001,"contrast":1.001,"castPercent":0.009,"saturation":0.997},"thresholds":"6/4"}},"summary":"SharePoint\'s L thumbnail "remedy":{"kind":"automatic","actions":["upload-photo"]},"firstSeen":"2026',
  '"rule":"missing-photo","severity":"error","drift":true,"user":{"id":"","upn":"","displayName":""},"address":"exchange/","attribution":"merged","cause":"never-synced","expected":{"master":".jpg","sha256":"","width":600,"height":600},"actual":{"photo":"absent"},"summary":"Exchange has no photo; the master is ready.","remedy":{"kind":"when-named","actions":["upload-photo"]},"firstSeen":"2026',
  '{"id":"","rule":"missing-thumbnail","severity":"error","drift":true,"user":{"id":"","upn":"@contoso.com","displayName":""},"address":"sharepoint/@contoso.com/MThumb","attribution":null,"cause":"never-synced","expected":{"master":"@contoso.com.jpg","sha256":"","width":648,"height":648},"actual":{"photo":"absent"},"summary":"SharePoint\'s M thumbnail does not exist.","remedy":{"kind":"automatic","actions":["write-thumbnail"]},"firstSeen":"2026-11-28T22:32:58.597Z"}',
].join("\n");
