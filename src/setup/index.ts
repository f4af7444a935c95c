export { makeCertificate, publicCertificate, type PublicCertificate } from "./certificate.js";
export { powerShellScript } from "./powershell-script.js";
export { carryOut, planRegistration, type AdminGraph, type RegistrationPlan } from "./register.js";
export { applicationBody, consentAddress, type Registration } from "./registration.js";
export { shellScript } from "./shell-script.js";
