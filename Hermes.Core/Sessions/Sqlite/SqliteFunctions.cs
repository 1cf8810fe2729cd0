using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The functions that are called for every row and column, straight from the library that SQLitePCLRaw has loaded.</summary>
/// <remarks>
/// SQLitePCLRaw counts the uses of a statement's handle around each call, which costs several times what it takes to read a column.
/// Whoever calls these keeps the handle alive instead, as <see cref="Connection"/> does. Those that only touch what lies in memory leave the
/// garbage collector out as well: they neither wait nor call back. Where the app chose a SQLite that cannot be found by its name, all of this
/// is null and SQLitePCLRaw is asked: one library's functions must not be given another's handles.
/// </remarks>
internal static unsafe class SqliteFunctions
{
    /// <summary>Has SQLite copy the bytes of a parameter before the call returns.</summary>
    public const nint Transient = -1;

    private static readonly nint Library = FindLibrary();

    public static readonly delegate* unmanaged[Cdecl]<nint, int> Step =
        (delegate* unmanaged[Cdecl]<nint, int>)Find("sqlite3_step");

    public static readonly delegate* unmanaged[Cdecl]<nint, int> Reset =
        (delegate* unmanaged[Cdecl]<nint, int>)Find("sqlite3_reset");

    public static readonly delegate* unmanaged[Cdecl]<nint, int, byte*, int, nint, int> BindText =
        (delegate* unmanaged[Cdecl]<nint, int, byte*, int, nint, int>)Find("sqlite3_bind_text");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> ClearBindings =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)Find("sqlite3_clear_bindings");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long, int> BindInt64 =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long, int>)Find("sqlite3_bind_int64");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double, int> BindDouble =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double, int>)Find("sqlite3_bind_double");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> BindNull =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)Find("sqlite3_bind_null");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> ColumnType =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)Find("sqlite3_column_type");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long> ColumnInt64 =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long>)Find("sqlite3_column_int64");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double> ColumnDouble =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, double>)Find("sqlite3_column_double");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> ColumnBytes =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)Find("sqlite3_column_bytes");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*> ColumnBlob =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*>)Find("sqlite3_column_blob");

    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, void*, int> FileControl =
        (delegate* unmanaged[Cdecl]<nint, byte*, int, void*, int>)Find("sqlite3_file_control");

    /// <summary>Whether the functions are there to be called.</summary>
    public static bool AreFound => Library != 0;

    private static nint Find(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);

    private static nint FindLibrary()
    {
        SqliteProvider.Ensure();
        return NativeLibrary.TryLoad(raw.GetNativeLibraryName(), typeof(SqliteConnection).Assembly, searchPath: null, out var library)
            && NativeLibrary.TryGetExport(library, "sqlite3_libversion", out var version)
            && IsSame(((delegate* unmanaged[Cdecl]<byte*>)version)())
                ? library
                : 0;
    }

    // The text of its version lies in the library itself: at one address, it is one library, and not another copy.
    private static bool IsSame(byte* version)
    {
        fixed (byte* used = raw.sqlite3_libversion())
        {
            return used == version;
        }
    }
}
