using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>One use of a connection's prepared statement: bind, step, read; disposing it makes the statement ready for the next use.</summary>
/// <remarks>Spans of a row are valid until the next step. Parameters count from 1, columns from 0, as in SQLite.</remarks>
internal readonly unsafe ref struct Statement(Connection connection, sqlite3_stmt statement)
{
    private readonly Connection _connection = connection;
    private readonly sqlite3_stmt _statement = statement;

    // The connection keeps it alive.
    private readonly nint _handle = statement.DangerousGetHandle();

    public Statement Bind(int parameter, long value)
    {
        Check(SqliteFunctions.AreFound ? SqliteFunctions.BindInt64(_handle, parameter, value) : raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, double value)
    {
        Check(SqliteFunctions.AreFound ? SqliteFunctions.BindDouble(_handle, parameter, value) : raw.sqlite3_bind_double(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, scoped ReadOnlySpan<byte> utf8)
    {
        if (!SqliteFunctions.AreFound)
        {
            Check(raw.sqlite3_bind_text(_statement, parameter, utf8));
            return this;
        }

        // SQLite takes a null pointer, which an empty span may have, for NULL.
        byte nothing = 0;
        fixed (byte* text = utf8)
        {
            Check(SqliteFunctions.BindText(_handle, parameter, text is null ? &nothing : text, utf8.Length, SqliteFunctions.Transient));
        }

        return this;
    }

    public Statement Bind(int parameter, string? text)
    {
        if (text is null)
        {
            Check(SqliteFunctions.AreFound ? SqliteFunctions.BindNull(_handle, parameter) : raw.sqlite3_bind_null(_statement, parameter));
            return this;
        }

        const int OnStack = 512;
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (size > OnStack)
        {
            // A third of the longest that it can be, mostly: of a long text that is megabytes.
            size = Encoding.UTF8.GetByteCount(text);
        }

        var rented = size > OnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var buffer = rented ?? stackalloc byte[OnStack];
        Bind(parameter, buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False where there is none.</returns>
    public bool Step()
    {
        var result = SqliteFunctions.AreFound ? SqliteFunctions.Step(_handle) : raw.sqlite3_step(_statement);
        return result switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw _connection.Failure(result),
        };
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(_connection.Handle);
    }

    public bool IsNull(int column) => Type(column) == raw.SQLITE_NULL;

    public bool IsNumber(int column) => Type(column) is raw.SQLITE_INTEGER or raw.SQLITE_FLOAT;

    public bool IsText(int column) => Type(column) == raw.SQLITE_TEXT;

    public long Int64(int column) =>
        SqliteFunctions.AreFound ? SqliteFunctions.ColumnInt64(_handle, column) : raw.sqlite3_column_int64(_statement, column);

    public double Double(int column) =>
        SqliteFunctions.AreFound ? SqliteFunctions.ColumnDouble(_handle, column) : raw.sqlite3_column_double(_statement, column);

    /// <summary>The bytes of a text or blob, or of the text of a number; empty for null.</summary>
    public ReadOnlySpan<byte> Utf8(int column)
    {
        if (!SqliteFunctions.AreFound)
        {
            // As text, so that SQLite converts that of a UTF-16 database.
            return Type(column) == raw.SQLITE_BLOB ? raw.sqlite3_column_blob(_statement, column) : TextBytes(column);
        }

        // Asked first for its length, SQLite converts the text of a UTF-16 database; asked for the blob alone it does not.
        var length = SqliteFunctions.ColumnBytes(_handle, column);
        return length == 0 ? [] : new(SqliteFunctions.ColumnBlob(_handle, column), length);
    }

    public FieldValue Text(int column) => IsNull(column) ? default : FieldValue.Utf8Text(Utf8(column));

    public void Dispose()
    {
        // The result repeats the last step's error, which has been thrown.
        _ = SqliteFunctions.AreFound ? SqliteFunctions.Reset(_handle) : raw.sqlite3_reset(_statement);
        _ = SqliteFunctions.AreFound ? SqliteFunctions.ClearBindings(_handle) : raw.sqlite3_clear_bindings(_statement);
    }

    private int Type(int column) =>
        SqliteFunctions.AreFound ? SqliteFunctions.ColumnType(_handle, column) : raw.sqlite3_column_type(_statement, column);

    private ReadOnlySpan<byte> TextBytes(int column)
    {
        // Up to the length, not to the first zero within.
        var length = raw.sqlite3_column_bytes(_statement, column);
        fixed (byte* text = raw.sqlite3_column_text(_statement, column))
        {
            return new(text, text is null ? 0 : length);
        }
    }

    private void Check(int result)
    {
        // Parameters past the last one that a statement has belong to columns that the file does not have.
        if (result is not (raw.SQLITE_OK or raw.SQLITE_RANGE))
        {
            throw _connection.Failure(result);
        }
    }
}
