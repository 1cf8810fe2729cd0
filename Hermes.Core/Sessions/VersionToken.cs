namespace Hermes.Core.Sessions;

/// <summary>A value that changes whenever what a store answers may have changed. Fit for an ETag, also across restarts.</summary>
/// <param name="Opening">A random number for each time that the file was opened: versions of different openings do not compare.</param>
/// <param name="Version">Changes with every commit to the file, by any process.</param>
internal readonly record struct VersionToken(long Opening, long Version);
