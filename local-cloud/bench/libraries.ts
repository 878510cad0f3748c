// The three required libraries and nothing else: what the main bundle is measured against.
export * as core from '@actions/core';
export { HttpClient } from '@actions/http-client';
export { ConfidentialClientApplication } from '@azure/msal-node';
