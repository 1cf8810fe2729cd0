namespace Hermes.Core.Sessions;

/// <summary>A value that differs from every other moment's whose answers may differ. Fit for an ETag, also across restarts.</summary>
/// <param name="Opening">A random number for each time that the file was opened: versions of different openings do not compare.</param>
/// <param name="Version">Changes with every commit to the file, by any process.</param>
internal readonly record struct SessionStamp(long Opening, long Version);
